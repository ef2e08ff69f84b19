"""Pipelines: order, readiness, what a change reopens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postproduction.pipeline import Pipeline, PipelineFault, Step, template, template_names


@st.composite
def pipelines(draw):
    """Steps without a circle, written in any order."""
    count = draw(st.integers(1, 9))
    steps = []
    for index in range(count):
        after = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        minutes = draw(st.integers(0, 600))
        department = draw(st.sampled_from(["edit", "sound", "qc"]))
        steps.append(Step(f"s{index}", f"S {index}", department, minutes, tuple(f"s{one}" for one in sorted(after))))
    return Pipeline(tuple(draw(st.permutations(steps))))


@given(pipelines())
def test_order_holds_each_step_behind_what_it_waits_for(pipeline):
    order = pipeline.order()
    assert sorted(order) == sorted(step.code for step in pipeline.steps)
    for step in pipeline.steps:
        assert all(order.index(earlier) < order.index(step.code) for earlier in step.after)


@given(pipelines())
def test_doing_what_is_ready_finishes_everything(pipeline):
    done, reached = [], [pipeline.progress([])]
    while ready := pipeline.ready(done):
        for code in ready:
            assert set(pipeline.step(code).after) <= set(done)
        done.append(ready[0])
        reached.append(pipeline.progress(done))
    assert sorted(done) == sorted(step.code for step in pipeline.steps)
    assert reached == sorted(reached)
    assert reached[-1] == 100
    assert all(percent < 100 for percent in reached[:-1])


@given(pipelines(), st.data())
def test_a_change_reopens_what_rests_on_it_and_nothing_else(pipeline, data):
    changed = data.draw(st.sampled_from(pipeline.order()))

    def rests(code):
        before = pipeline.step(code).after
        return changed in before or any(rests(earlier) for earlier in before)

    assert pipeline.stale_after(changed) == [code for code in pipeline.order() if rests(code)]


@given(pipelines())
def test_json_reads_back(pipeline):
    assert Pipeline.from_json(pipeline.to_json()) == pipeline


def test_live_template():
    live = template("live")
    assert live.order() == [
        "rough_cut", "fine_cut", "picture_lock", "vfx", "colour", "dialogue", "mix", "subtitles", "titles", "qc",
        "master",
    ]  # fmt: skip
    assert live.ready([]) == ["rough_cut"]
    assert live.ready(["rough_cut", "fine_cut", "picture_lock"]) == ["vfx", "dialogue", "titles"]
    assert live.stale_after("dialogue") == ["mix", "subtitles", "qc", "master"]
    assert live.stale_after("master") == []
    assert live.progress(["rough_cut"]) == 24  # 90 of 370 minutes


@pytest.mark.parametrize("code", ["live", "manju", "localisation"])
def test_templates_end_in_one_master_behind_everything(code):
    pipeline = template(code)
    assert pipeline.order()[-1] == "master"
    waited_for = {earlier for step in pipeline.steps for earlier in step.after}
    assert {step.code for step in pipeline.steps} - waited_for == {"master"}
    assert template_names()[code]


def step(code, *after, **more):
    return {"code": code, "name": code, "department": "edit", "minutes": 5, "after": list(after), **more}


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        ([], "steps_missing", "A pipeline is written as an object with a list of steps."),
        ({"steps": {}}, "steps_missing", "A pipeline is written as an object with a list of steps."),
        ({"steps": []}, "no_steps", "The pipeline has no steps."),
        ({"steps": [3]}, "step_malformed", "Step 1 must be an object."),
        ({"steps": [step("a", colour=1)]}, "field_unknown", "Step 1 has an unknown field colour."),
        ({"steps": [step("a"), step("a")]}, "step_twice", "Step a is written twice."),
        (
            {"steps": [step("a", "b")]},
            "unknown_step",
            "Step a waits for b, which the pipeline does not have.",
        ),
        ({"steps": [step("a", "a")]}, "circle", "These steps wait for each other in a circle: a."),
        (
            {"steps": [step("x"), step("a", "c", "x"), step("b", "a"), step("c", "b"), step("d", "a")]},
            "circle",
            "These steps wait for each other in a circle: a, c, b.",
        ),
        (
            {"steps": [step("A b")]},
            "code_malformed",
            "A b is not a step code: small letters, digits and underscores.",
        ),
        ({"steps": [step("a", minutes=-1)]}, "minutes_malformed", "Step a needs its minutes, 0 or more."),
        ({"steps": [step("a", minutes=1.5)]}, "minutes_malformed", "Step a needs its minutes, 0 or more."),
        ({"steps": [step("a", minutes=True)]}, "minutes_malformed", "Step a needs its minutes, 0 or more."),
        (
            {"steps": [step("a", name=None)]},
            "step_malformed",
            "Step 1 needs code, name and department as texts.",
        ),
        (
            {"steps": [{**step("a"), "after": "b"}]},
            "after_malformed",
            "Step a needs a list of codes in after.",
        ),
        (
            {"steps": [step(f"s{index}") for index in range(201)]},
            "too_many_steps",
            "The pipeline has more than 200 steps.",
        ),
    ],
)
def test_refusals(document, code, message):
    with pytest.raises(PipelineFault) as caught:
        Pipeline.from_json(document)
    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize(
    "act",
    [
        lambda live: live.ready(["rain"]),
        lambda live: live.stale_after("rain"),
        lambda live: live.progress(["rain"]),
        lambda live: live.step("rain"),
    ],
)
def test_a_step_that_does_not_exist(act):
    with pytest.raises(PipelineFault, match="The pipeline has no step rain"):
        act(template("live"))


def test_a_template_that_does_not_exist():
    with pytest.raises(PipelineFault, match="no pipeline template opera"):
        template("opera")
