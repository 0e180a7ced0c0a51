"""What a class has answered: every file is judged anew, and what cannot be counted is named."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "site"))

import asked  # noqa: E402
import class_answers  # noqa: E402

PLANTS = (
    "Twenty-five equal plants are thrown at fifty equal regions. What raw index G do you expect?"
)
GLASS = (
    "The 250 plants of glass were thrown at random. In how many of the 40 regions is its quotient "
    "above 1.25 all the same?"
)
UNIT = "03_agglomeration/3_cluster_or_few_big_plants"


def answer(first, last=None, right=None, tries=1):
    last = first if last is None else last
    return {"first": first, "last": last, "right": right, "feedback": "", "tries": tries}


def hand_in(folder, name, answers, file=None, **more):
    """Write a file as the start page does."""
    parts = {"clusterlab": class_answers.__version__, "name": name, "saved": "2026-11-29T10:00"}
    parts |= {"answers": answers} | more
    parts["sum"] = class_answers.checksum(json.dumps(parts))
    path = folder / (file or f"{name}.json")
    path.write_text(json.dumps(parts, indent=1), encoding="utf-8")
    return path


def test_a_class_is_told_its_wrong_answers_and_their_hints(tmp_path):
    hand_in(tmp_path, "Ana", {PLANTS: answer("0,04", "0.0392", True, 2), GLASS: answer(5)})
    hand_in(tmp_path, "Ben", {PLANTS: answer("0.04", right=False), GLASS: answer(5)})
    hand_in(tmp_path, "Cy", {PLANTS: answer("0.0392", right=True), GLASS: answer(11)})
    handed = class_answers.collected(tmp_path)
    assert handed.students == ["Ana", "Ben", "Cy"]
    assert handed.notes == []
    words = class_answers.told(handed)
    assert "Students: 3. Answers: 6." in words
    assert f"{UNIT}: begun by 3, done by 0" in words
    assert "3 predictions: 5 (2), 11 (1)" in words
    assert "3 answers, right at first 1 (33 %), at last 2 (67 %)" in words
    assert "1 x 0.04: That is H. The map has fifty regions" in words
    assert "answered by nobody" in words, "the third question of the unit"


def test_a_student_copy_keeps_answers_and_they_are_judged_here(tmp_path):
    hand_in(tmp_path, "Ana", {PLANTS: answer("0.04", "0.0392")})
    handed = class_answers.collected(tmp_path)
    assert handed.notes == []
    assert [(each.first_right, each.last_right) for each in handed.answers] == [(False, True)]


def test_a_unit_is_done_when_all_its_questions_are_answered(tmp_path):
    its = [question for question in asked.in_course() if question.unit == UNIT]
    given = {PLANTS: answer(0.04), GLASS: answer(5), its[1].text: answer(0.5)}
    assert [question.kind for question in its] == ["predict", "predict", "check"]
    hand_in(tmp_path, "", given, "anonymous.json")
    assert class_answers.collected(tmp_path).students == ["anonymous"]
    assert f"{UNIT}: begun by 1, done by 1" in class_answers.told(class_answers.collected(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("notes.txt", "my answers", "notes.txt is not JSON"),
        ("cut.json", '{"clusterlab": "0.1', "cut.json is not JSON"),
        ("odd.json", b"\xff\xfe\x00", "odd.json is not JSON"),
        ("other.json", "[1, 2]", "other.json is JSON, but no file of answers"),
        ("list.json", '{"clusterlab": "1", "name": "", "answers": []}', "but no file of answers"),
    ],
)
def test_what_is_no_file_of_answers_is_named(tmp_path, name, text, said):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    handed = class_answers.collected(tmp_path)
    assert handed.students == []
    [note] = handed.notes
    assert said in note
    assert note in class_answers.told(handed)


def test_a_file_that_was_edited_is_named_and_judged_anew(tmp_path):
    path = hand_in(tmp_path, "Ana", {PLANTS: answer("0.04", right=False)})
    path.write_text(path.read_text().replace("0.04", "0.0392"))
    handed = class_answers.collected(tmp_path)
    assert handed.notes == [
        "Ana.json was changed after it was saved: its checksum does not fit.",
        f"Ana, question 3 of {UNIT}: the file says wrong, judged anew it is right; that counts.",
    ]
    assert handed.answers[0].last_right


def test_what_only_looks_otherwise_was_not_changed(tmp_path):
    path = hand_in(tmp_path, "Ana", {PLANTS: answer("0.04", right=False)})
    path.write_text("\ufeff" + json.dumps(json.loads(path.read_text()), indent=4) + "\r\n\r\n")
    assert class_answers.collected(tmp_path).notes == []


def test_the_checksum_is_that_of_the_page():
    # by JSON.stringify and the page's own sum, in a browser: see tests/browser/test_answers.py
    text = '{"name": "Zoë \\u2713\\n", "n": [1e-7, 0.1, 1, true, null], "sum": "0"}'
    again = '{"name":"Zoë ✓\\n","n":[1e-7,0.1,1,true,null]}'
    assert class_answers.checksum(text) == class_answers.checksum(again) == "764c9394"


def test_answers_that_cannot_be_judged_are_named(tmp_path):
    odd = {"What is asked nowhere?": answer(1), PLANTS: answer("twelve"), GLASS: {"first": 5}}
    hand_in(tmp_path, "Ana", odd, clusterlab="0.0.1")
    handed = class_answers.collected(tmp_path)
    assert handed.answers == []
    version, unknown, refused, lacking = handed.notes
    assert "was saved with version 0.0.1 of the course" in version
    assert "the course does not ask 'What is asked nowhere?'" in unknown
    assert "a number is asked for, got 'twelve'; the answer is left out." in refused
    assert "first, last or right is missing" in lacking


def test_of_two_files_of_a_student_the_later_counts(tmp_path):
    hand_in(tmp_path, "Ana", {GLASS: answer(5)}, "1.json", saved="2026-11-28")
    hand_in(tmp_path, " ana ", {GLASS: answer(11)}, "2.json", saved="2026-11-29")
    hand_in(tmp_path, "Ana", {GLASS: answer(0)}, "3.json", saved="2026-11-27")
    handed = class_answers.collected(tmp_path)
    assert [each.last for each in handed.answers] == [11]
    assert [note.partition(" are both of ")[0] for note in handed.notes] == [
        "1.json and 2.json",
        "3.json and 2.json",
    ]


def test_every_right_answer_of_the_course_is_right_and_every_hint_is_found():
    for question in asked.in_course():
        asks = class_answers.form(question)
        if question.kind == "check" and asks.kind != "sentence":
            assert asks.submit(asks._answer).startswith("Right"), question.text
            for wrong, hint in asks._hints.items():
                assert asks.submit(wrong) == f"Not yet. {hint}"


def test_a_table_is_written_but_never_over_a_file(tmp_path, capsys):
    folder, table = tmp_path / "class", tmp_path / "all.csv"
    folder.mkdir()
    hand_in(folder, "=Ana", {GLASS: answer(5)}, "a.json")
    class_answers.main([str(folder), "--csv", str(table)])
    assert "Students: 1. Answers: 1." in capsys.readouterr().out
    head, row = table.read_text(encoding="utf-8").splitlines()
    assert head.startswith("student,unit,number,kind,question,first")
    assert row.startswith(f"'=Ana,{UNIT},1,predict"), "no formula for a spreadsheet"
    with pytest.raises(SystemExit, match="is there already"):
        class_answers.main([str(folder), "--csv", str(table)])
    with pytest.raises(SystemExit, match="there is no folder"):
        class_answers.main([str(tmp_path / "nowhere")])
