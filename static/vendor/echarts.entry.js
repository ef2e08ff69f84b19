import * as echarts from "echarts/core";
import { LineChart, BarChart, PieChart, ScatterChart, HeatmapChart, CustomChart, SankeyChart } from "echarts/charts";
import { GridComponent, TooltipComponent, LegendComponent, TitleComponent, DatasetComponent, VisualMapComponent, MarkLineComponent, MarkAreaComponent, DataZoomComponent, AriaComponent, CalendarComponent, GraphicComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { LabelLayout, UniversalTransition } from "echarts/features";
echarts.use([LineChart, BarChart, PieChart, ScatterChart, HeatmapChart, CustomChart, SankeyChart, GridComponent, TooltipComponent, LegendComponent, TitleComponent, DatasetComponent, VisualMapComponent, MarkLineComponent, MarkAreaComponent, DataZoomComponent, AriaComponent, CalendarComponent, GraphicComponent, SVGRenderer, LabelLayout, UniversalTransition]);
window.echarts = echarts;
