"""Everything a reader may have to say about a script: code, severity, sentence.

`error`: the file cannot be imported. `warning`: a person should look. `info`: done, and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ERROR, WARNING, INFO = "error", "warning", "info"

# code -> severity and English sentence; the sentence is also the key of its translation.
CATALOGUE: dict[str, tuple[str, str]] = {
    "empty_file": (ERROR, "The file is empty. Choose the file that holds the script."),
    "too_large": (
        ERROR,
        (
            "The file has {size_mb} MB and the limit is {limit_mb} MB. Save the script alone, without pictures, "
            "or split it by episodes."
        ),
    ),
    "set_too_large": (
        ERROR,
        (
            "There are {count} files with {size_mb} MB; at most {most} files and {limit_mb} MB are taken at once. "
            "Upload fewer, or join them into one."
        ),
    ),
    "set_twice": (ERROR, "Another file is episode {number} too: {other}. Choose one of them and leave the other out."),
    "set_span": (
        ERROR,
        "The name states several episodes and the text holds no episode head. Write 第1集 and so on above each episode.",
    ),
    "set_styled": (
        ERROR,
        "The parts of this script are told by Word styles. Put the episodes into one document and upload that.",
    ),
    "set_final_draft": (
        ERROR,
        "Final Draft scripts are taken one file at a time. Upload the one that holds the script.",
    ),
    "text_too_long": (
        ERROR,
        "The script has {count} characters and the limit is {limit}. Split it by episodes and hand in the parts.",
    ),
    "xml_other": (
        ERROR,
        "This XML file is not a Final Draft script. Save the script as .docx, .fdx or text and upload that.",
    ),
    "binary_file": (
        ERROR,
        "This is not a text document. Save the script as .docx, .txt, .fountain, .fdx or a PDF with text.",
    ),
    "encoding_unreadable": (
        ERROR,
        "The characters of this file cannot be read. Open it in your editor and save it as UTF-8.",
    ),
    "old_word_file": (
        ERROR,
        "This is an old Word or WPS file (.doc, .wps). Open it in Word or WPS and save it as .docx.",
    ),
    "docx_unreadable": (
        ERROR,
        "This Word file cannot be opened. Open it in Word or WPS, save it as .docx again, and upload that.",
    ),
    "archive_file": (ERROR, "This is a packed archive. Unpack it and upload the script that is in it."),
    "spreadsheet_file": (
        ERROR,
        "This is a spreadsheet, which holds a scene list but no script. Upload the script as .docx, .txt or PDF.",
    ),
    "slides_file": (ERROR, "This is a presentation. Copy the script into a Word document and upload that."),
    "odt_file": (ERROR, "This is an OpenDocument text. Save it as .docx in your editor and upload that."),
    "pages_file": (ERROR, "This is a document of Apple Pages. Export it from Pages as Word (.docx) and upload that."),
    "epub_file": (ERROR, "This is an e-book. Upload the script it was made from."),
    "rtf_file": (ERROR, "This is a rich text file (.rtf). Open it in Word or WPS and save it as .docx."),
    "web_page_file": (ERROR, "This is a web page. Copy the script out of it and paste it, or save it as .docx."),
    "picture_file": (
        ERROR,
        "This is a picture, and text cannot be read from pictures. Upload the document that it was made from.",
    ),
    "unpacks_too_large": (
        ERROR,
        "The file unpacks to more than {limit_mb} MB. Save the script alone, without pictures and attachments.",
    ),
    "xml_forbidden": (
        ERROR,
        "The file contains XML entities, which scripts never need. Save it again from the writing program.",
    ),
    "xml_too_large": (
        ERROR,
        "The file holds far more formatting than a script can need. Copy its text into a new document and save that.",
    ),
    "fdx_unreadable": (
        ERROR,
        "This Final Draft file cannot be read. Open it in Final Draft and save it as .fdx again.",
    ),
    "pdf_encrypted": (ERROR, "This PDF is protected by a password. Save a copy without the password."),
    "pdf_scanned": (
        ERROR,
        "This PDF holds pictures of pages and no text. Upload the document that it was printed from.",
    ),
    "pdf_unreadable": (ERROR, "This PDF is damaged and cannot be read. Export it again, or upload the .docx."),
    "pdf_too_long": (ERROR, "This PDF has {pages} pages and the limit is {limit}. Split it by episodes."),
    "looks_like_prose": (
        ERROR,
        (
            "This reads like a novel, not a script: {paragraphs} paragraphs and no scene headings. "
            "Import it as a source work, or upload the script made from it."
        ),
    ),
    "no_scenes": (
        ERROR,
        "No scene headings were found. Begin every scene with a line such as 1-1 日 内 客厅 and import again.",
    ),
    "other_type": (INFO, "The file is named {suffix} but holds {found}; it was read as {found}."),
    "encoding_fallback": (INFO, "The file is written in {encoding}. It was read, but UTF-8 is safer."),
    "normalised": (
        INFO,
        ("{count} lines hold look-alike or invisible characters, which were made plain. The original lines are kept."),
    ),
    "scene_omitted": (
        INFO,
        "Scene {number} is marked as omitted in the file. Its text is kept aside and it is not imported as a scene.",
    ),
    "episode_missing": (WARNING, "Episode {missing} is missing before episode {number}."),
    "episode_duplicate": (
        WARNING,
        "Episode {number} is stated a second time; this part was read as episode {read_as}.",
    ),
    "episode_repeated_head": (INFO, "The head of episode {number} is repeated; both were read as one."),
    "episode_out_of_order": (WARNING, "Episode {number} comes after episode {previous}."),
    "episode_head_missing": (
        WARNING,
        "The scenes of episode {number} begin here without a head. Put 第{number}集 above them.",
    ),
    "episode_without_scenes": (
        WARNING,
        "Episode {number} has no scene headings; its text is kept with the episode head. Add a scene heading.",
    ),
    "scene_number_missing": (WARNING, "This scene has no number; it was read as {number}."),
    "scene_number_duplicate": (WARNING, "Scene {written} is stated twice; this one was read as {number}."),
    "scene_number_unreadable": (WARNING, "The scene number {written} cannot be read; {number} was given."),
    "scene_episode_mismatch": (WARNING, "Scene {number} stands in episode {episode}."),
    "scene_place_missing": (WARNING, "Scene {number} names no place. Add one to its heading."),
    "header_unclear": (
        WARNING,
        "This line begins like a scene heading but could not be read as one. It was kept as action.",
    ),
    "text_before_scene": (WARNING, "{count} lines stand before the first scene of episode {number}."),
    "scene_missing": (INFO, "Scene {missing} is missing before scene {number}."),
    "scene_repeated_head": (INFO, "The heading of this scene is repeated; both were read as one."),
    "scene_numbers_none": (INFO, "No scene has a number; {count} scenes were numbered in their order."),
    "episode_number_odd": (WARNING, "Episode {number} stands where episode {expected} is missing."),
    "place_drift": (WARNING, "{place} may be the same set as {name} ({count} scenes)."),
    "time_contradicts_caption": (
        WARNING,
        "Scene {number} is headed {time}, but its caption says otherwise: {caption}.",
    ),
    "speaker_not_in_cast": (INFO, "{speaker} speaks in scene {number} but is not in its cast line."),
    "speaker_alias": (
        WARNING,
        "{speaker} speaks in scene {number} and may be {name}, who is in its cast line.",
    ),
    "cast_never_speaks": (INFO, "{name} is in the cast line of scene {number} and has no line in the script."),
}

# What would set a fault right: `action` and its values. The import page applies them; lines count from 1.
PROPOSALS: dict[str, frozenset[str]] = {
    "rename_role": frozenset({"from", "to", "scene"}),
    "rename_set": frozenset({"from", "to"}),
    "set_time": frozenset({"line", "time"}),
    "number_scene": frozenset({"line", "number"}),
    "number_episode": frozenset({"line", "number"}),
    "make_head": frozenset({"line"}),
    "merge_up": frozenset({"line"}),
    "make_action": frozenset({"line"}),
    "add_cast": frozenset({"line", "name"}),
    "drop_cast": frozenset({"line", "name"}),
}
Proposal = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to say about a line (0: the whole file); `proposal` is what would set it right, if known."""

    line: int
    code: str
    message: str
    severity: str
    params: dict[str, str | int] = field(default_factory=dict)
    proposal: Proposal | None = None


def fault(code: str, line: int = 0, proposal: Proposal | None = None, **params: str | int) -> Fault:
    severity, sentence = CATALOGUE[code]
    return Fault(line, code, sentence.format(**params), severity, dict(params), proposal)
