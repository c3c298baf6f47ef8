"""The command line: one sentence when something is wrong, and the right exit code."""

import csv
import io
import json
import subprocess
import sys

import pytest
from click import Context
from click.testing import CliRunner

from tests.databases import rows_of
from webapp.cli import main
from webapp.export import long

pytestmark = pytest.mark.page


def run_words(*words, **options):
    return CliRunner().invoke(main, words, **options)


@pytest.fixture
def run(empty_instance, monkeypatch):
    """Runs a command over an empty database."""
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(empty_instance))
    return run_words


@pytest.fixture
def run_without(tmp_path, monkeypatch):
    """Runs a command that needs no database, where there is none."""
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(tmp_path / "none"))
    yield run_words
    assert not (tmp_path / "none").exists()


def test_every_command_has_help(run_without):
    for words in [(), *((name,) for name in main.list_commands(Context(main))), ("user", "add")]:
        assert run_without(*words, "--help").exit_code == 0


def test_link_prints_a_one_time_link(run):
    assert run("link").output.startswith("http://127.0.0.1:8765/sign-in/")


def test_link_for_nobody_is_one_sentence_and_exit_code_1(run):
    answered = run("link", "Nobody")

    assert (answered.exit_code, answered.stdout) == (1, "")
    assert answered.stderr.startswith("Error: There is nobody called “Nobody”")


def test_import_names_a_bad_file_and_goes_on(run, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("One is here. Two is there.")
    (folder / "b.txt").write_text("")
    (folder / "c.html").write_text("<p>Three is here.</p>")

    answered = run("import", str(folder), str(tmp_path / "missing.txt"))

    assert answered.exit_code == 1
    assert "a.txt: article 2, 2 sentences" in answered.stdout
    assert "c.html: article 3, 1 sentence" in answered.stdout
    assert "b.txt: There is no text in it" in answered.stderr
    assert "missing.txt: No such file" in answered.stderr


def test_import_takes_no_guess_for_an_encoding_unless_told(run, tmp_path):
    text = "Die Brücke wurde geöffnet, sagte der Bürgermeister. Das ist schön"
    (tmp_path / "cut.txt").write_bytes(text.encode()[:-2])
    (tmp_path / "old.txt").write_bytes(text.encode("windows-1252"))
    (tmp_path / "old.csv").write_bytes("text\nKöln und Brücke öffnen.\n".encode("windows-1252"))
    paths = [str(tmp_path / name) for name in ("cut.txt", "old.txt", "old.csv")]

    asked = run("import", *paths)
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert asked.stderr.count("To look at: ") == 3
    assert "--encoding windows-1252" in asked.stderr

    told = run("import", *paths, "--encoding", "windows-1252")
    assert "old.txt: article 2, 2 sentences" in told.stdout
    assert "old.csv, line 2: article 3, 1 sentence" in told.stdout
    assert told.stderr.count("To look at: The file is UTF-8 and ends within a character") == 1

    assert "cut.txt: article 4" in run("import", paths[0], "--encoding", "utf-8-broken").stdout
    assert run("import", paths[0], "--encoding", "base64").exit_code == 2


def test_split_says_when_an_encoding_is_a_guess(run_without, tmp_path):
    (tmp_path / "old.txt").write_bytes("Le café a rouvert. Il a déjà des clients.".encode("windows-1252"))

    guessed = run_without("split", str(tmp_path / "old.txt"))
    told = run_without("split", str(tmp_path / "old.txt"), "--encoding", "windows-1252")

    assert (guessed.exit_code, guessed.stdout) == (0, told.stdout)
    assert "It is read as windows-1252; say --encoding if that is wrong." in guessed.stderr
    assert (told.stderr, told.stdout.count("\n")) == ("", 2)


def test_importing_a_text_twice_is_refused(run, tmp_path):
    (tmp_path / "a.txt").write_text("One is here.")
    run("import", str(tmp_path / "a.txt"))

    assert "already" in run("import", str(tmp_path / "a.txt")).stderr


def test_export_writes_the_header_even_without_answers(run, tmp_path):
    file = tmp_path / "out.csv"

    assert run("export", "-o", str(file)).exit_code == 0
    assert list(csv.reader(io.StringIO(file.read_text(), newline=""))) == [[column.name for column in long.COLUMNS]]


def test_export_of_no_project_leaves_no_file(run, tmp_path):
    file = tmp_path / "out.csv"
    answered = run("export", "--project", "None such", "-o", str(file))

    assert answered.exit_code == 1
    assert "no project called “None such”" in answered.stderr
    assert not file.exists()


def test_people_are_added_listed_and_given_a_password(run):
    added = run("user", "add", "Ana", "--role", "analyst")
    run("user", "password", "Ana", "--password", "correct horse battery")

    assert added.output.startswith("Added Ana, C")
    assert "Ana" in run("user", "list").output
    assert "already" in run("user", "add", "Ana").stderr


def test_serving_others_demands_a_password(run):
    answered = run("serve", "--host", "0.0.0.0", "--no-browser")

    assert answered.exit_code == 1
    assert "an account with a password must exist first" in answered.stderr


def test_the_secret_key_is_readable_by_its_owner_alone(run, empty_instance):
    run("link")

    assert (empty_instance / "secret_key").stat().st_mode & 0o777 == 0o600


def test_starting_twice_changes_nothing(run, empty_instance):
    run("link")
    run("link")

    for table in ('"user"', "project", "article"):
        assert rows_of(empty_instance, f"SELECT count(*) FROM {table}") == [(1,)]


def test_split_writes_offsets_and_sentences_with_white_space_folded(run_without):
    answered = run_without("split", "-", input="One  came.\nTwo 🚢 went. ".encode())

    assert answered.stdout == "0\t10\tOne came.\n11\t22\tTwo 🚢 went.\n"


def test_split_reads_a_file(run_without, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfOne came.")

    assert run_without("split", str(tmp_path / "a.txt")).stdout == "0\t9\tOne came.\n"


def test_split_answers_line_by_line_and_goes_on_after_a_bad_one(run_without):
    lines = [
        '{"text": "One came. Two went."}',
        "no json",
        '{"text": 7}',
        "[]",
        '{"text": ""}',
        '{"text": "\\ud800 a."}',
    ]
    answered = run_without("split", "--jsonl", input="\n".join(lines))

    assert answered.exit_code == 1
    answers = [json.loads(line) for line in answered.stdout.splitlines()]
    assert answers[0] == {"spans": [[0, 9], [10, 19]]}
    assert ["error" in answer for answer in answers] == [False, True, True, True, False, False]


def test_split_goes_by_the_language_that_is_said(run_without):
    text = b"Am 5. Juli."

    assert run_without("split", "-", "--lang", "de", input=text).stdout.count("\n") == 1
    assert run_without("split", "-", "--lang", "en-GB", input=text).stdout.count("\n") == 2
    unknown = run_without("split", "-", "--lang", "fi", input=text)
    assert (unknown.exit_code, unknown.stdout.count("\n")) == (0, 2)
    assert "no rules" in unknown.stderr
    refused = run_without("split", "-", "--lang", "in German", input=text)
    assert refused.exit_code == 2
    assert "no code of a language" in refused.stderr


def test_each_line_may_say_its_own_language(run_without):
    asked = [
        {"text": "Am 5. Juli."},
        {"text": "Am 5. Juli.", "lang": "de"},
        {"text": "A.", "lang": 7},
        {"text": "A.", "lang": "?"},
    ]
    answered = run_without("split", "--jsonl", input="\n".join(map(json.dumps, asked)))

    first, second, *refused = map(json.loads, answered.stdout.splitlines())
    assert (len(first["spans"]), len(second["spans"])) == (2, 1)
    assert all("language" in line["error"] for line in refused)


def test_split_loads_neither_flask_nor_a_database():
    script = "import sys; from webapp.cli import main; print([name for name in ('flask', 'sqlalchemy') if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(("content", "sentence"), [(b"a\x00b", "NUL"), (b"%PDF-1", "PDF")])
def test_split_refuses_what_is_no_text_in_one_sentence(run_without, content, sentence):
    answered = run_without("split", "-", input=content)

    assert (answered.exit_code, answered.stdout) == (1, "")
    assert sentence in answered.stderr


def test_verify_says_what_it_proved(run):
    run("link")

    assert run("verify").output == "All is well. Proved: articles 1, sentences 16, annotations 0, notes 0.\n"


def test_recount_counts_anew_what_verify_then_proves(run):
    run("link")

    assert run("recount").output == "Counted anew.\n"
    assert "All is well" in run("verify").output


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", 0), (b" \n\t", 0), (b"...", 1), (b"One came home while the rain went on and on. " * 120_000, 120_000)],
    ids=["empty", "blank", "dots", "larger than an article may be"],
)
def test_split_takes_any_text(run_without, content, lines):
    answered = run_without("split", "-", input=content)

    assert answered.exit_code == 0
    assert answered.stdout.count("\n") == lines


def test_plan_sample_tells_how_many_articles_it_takes(run_without, tmp_path):
    rows = [f"{n},{c},{'FACT' if (n * 7 + c * n * n) % 5 else 'OPINION'},{n // 4}" for n in range(24) for c in range(2)]
    (tmp_path / "r.csv").write_text("\n".join(["sentence_id,coder_id,tag,article_id", *rows]))
    words = "plan-sample", str(tmp_path / "r.csv"), "--cluster", "article_id", "--margin", "0.2"

    text = run_without(*words).stdout
    told = json.loads(run_without(*words, "--json").stdout)

    assert "told from a pilot of 6" in text
    assert told["margins"] == [0.2]
    assert [row["analysts"] for row in told["rows"]] == [2]
    assert told["rows"][0]["articles"]["0.2"] > 3
    (tmp_path / "one.csv").write_text("sentence_id,coder_id,tag\n1,C01,FACT\n")
    assert "nothing can be planned" in run_without("plan-sample", str(tmp_path / "one.csv")).stdout


RATINGS = "sentence_id,coder_id,tag,article_id\n" + "".join(
    f"{n},{coder},{tag},{n % 3}\n"
    for n in range(12)
    for coder, tag in (("C01", "OPINION" if n in (0, 5) else "FACT"), ("C02", "OPINION" if n in (0, 3, 7) else "FACT"))
)


def test_agreement_of_any_table(run_without, tmp_path):
    (tmp_path / "r.csv").write_text(RATINGS)
    answered = run_without("agreement", str(tmp_path / "r.csv"), "--json")
    found = json.loads(answered.stdout)

    assert (found["status"], found["n_units"], found["n_coders"], found["percent_agreement"]) == ("ok", 12, 2, 0.75)
    assert found["pairs"][0]["n"] == 12
    assert {"alpha", "alpha_ci", "seed", "resamples", "fleiss_kappa", "gwet_ac1", "status_text"} <= set(found)
    assert (found["ci_method"], found["ci_over"], found["ci_clusters"]) == ("jackknife-t-log", "articles", 3)
    assert len(found["pairs"][0]["cohen_kappa_ci"]) == 2


def test_agreement_of_a_field_is_of_its_own_level_and_free_text_has_none(run_without, tmp_path):
    header = "article_id,sentence_id,coder_id,tag,confidence,note\n"
    rows = "".join(
        f"{n % 4},{n},C0{coder},FACT,{'low' if n % 3 == coder else 'high'},x\n" for n in range(12) for coder in (1, 2)
    )
    (tmp_path / "long.csv").write_text(header + rows)

    def asked(*options):
        return run_without("agreement", str(tmp_path / "long.csv"), "--json", *options)

    own, other = (json.loads(asked("--value", "confidence", *level).stdout) for level in ([], ["--level", "nominal"]))
    assert (own["level"], own["categories"], other["level"]) == ("ordinal", ["high", "moderate", "low"], "nominal")
    refused = asked("--value", "note")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "“note” holds free text" in refused.stderr
    assert asked("--value", "confidence", "--level", "ratio").exit_code == 2


def test_agreement_reads_well_on_a_terminal(run_without, tmp_path):
    (tmp_path / "r.csv").write_text(RATINGS)

    assert "9 of 12" in run_without("agreement", str(tmp_path / "r.csv")).stdout


def test_reuse_tells_shared_passages_with_places_in_both_files(run_without, tmp_path):
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_bytes("\ufeffHe said “the bridge will reopen in May”.\r\nMore.".encode())
    b.write_bytes(b'Reports:\r\n"The bridge will reopen in May", he said.')
    found = json.loads(run_without("reuse", str(a), str(b), "--json").stdout)

    [passage] = found["passages"]
    text_a, text_b = a.read_bytes().decode("utf-8-sig"), b.read_bytes().decode()
    assert text_a[passage["a_start"] : passage["a_end"]] == "the bridge will reopen in May"
    assert text_b[passage["b_start"] : passage["b_end"]] == "The bridge will reopen in May"
    assert (found["share_of_a"], found["share_of_b"]) == (round(6 / 9, 6), round(6 / 9, 6))
    assert found["verdict"] in ("wholly", "partially", "not")
    assert "the bridge will reopen in May" in run_without("reuse", str(a), str(b)).stdout


def test_lookalikes_answers_line_for_line_and_keeps_the_type_of_ids(run_without, tmp_path):
    rows = [{"id": 7, "text": "The bridge reopens."}, {"id": "x", "text": "The bridge reopens!"}, {"id": 9, "text": ""}]
    (tmp_path / "c.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    lines = run_without("lookalikes", str(tmp_path / "c.jsonl"), "--top", "1").stdout.splitlines()

    assert [json.loads(line) for line in lines] == [
        {"id": 7, "like": [{"id": "x", "score": 1.0}]},
        {"id": "x", "like": [{"id": 7, "score": 1.0}]},
        {"id": 9, "like": []},
    ]


@pytest.mark.parametrize("line", ["no JSON", "[1]", '{"id": 1}', '{"id": 1, "text": 2}', '{"text": "Two."}', ""])
def test_a_bad_line_for_lookalikes_is_named_and_nothing_is_told(run_without, tmp_path, line):
    (tmp_path / "c.jsonl").write_text(f'{{"id": 1, "text": "One."}}\n{line}\n')
    answered = run_without("lookalikes", str(tmp_path / "c.jsonl"))

    assert (answered.exit_code, answered.stdout) == (1, "")
    assert "Line 2 is no JSON object" in answered.stderr


EVIDENCE = (
    "claim,item,stance,independence,same_origin_as\n"
    "pact,A,supports,independent,\npact,B,supports,same_origin,A\npact,C,supports,derived_from_article,\ntrip,,,,\n"
)


def test_corroborate_counts_the_origins_of_any_table(run_without, tmp_path):
    (tmp_path / "e.csv").write_text(EVIDENCE)
    pact, trip = json.loads(run_without("corroborate", str(tmp_path / "e.csv"), "--json").stdout)

    assert (pact["claim"], pact["n_items"], pact["n_origins"], pact["origins"]) == ("pact", 3, 1, [["A", "B"]])
    assert (pact["derived"], pact["independent_supporting"], pact["proposed_status"]) == (["C"], 1, "corroborated")
    assert set(pact) >= {"independent_refuting", "unknown_supporting", "unknown_refuting", "reason"}
    assert (trip["n_items"], trip["proposed_status"]) == (0, "not_started")


def test_corroborate_reads_well_on_a_terminal(run_without, tmp_path):
    (tmp_path / "e.csv").write_text(EVIDENCE)
    shown = run_without("corroborate", str(tmp_path / "e.csv")).stdout

    assert "pact\n  corroborated (proposed): 1 independent origin" in shown
    assert "3 reports, 1 origin\n" in shown


def test_bad_evidence_ends_with_exit_code_2_and_one_sentence(run_without, tmp_path):
    (tmp_path / "e.csv").write_text(EVIDENCE + "trip,D,maybe,unknown,\n")
    answered = run_without("corroborate", str(tmp_path / "e.csv"))

    assert (answered.exit_code, answered.stdout, answered.stderr.count("\n")) == (2, "", 1)
    assert "Line 6: “stance” is one of" in answered.stderr


@pytest.mark.parametrize(
    ("table", "options", "sentence"),
    [
        ("a,b\n1,2\n", [], "column"),
        (RATINGS + "0,C01,FACT,0\n", [], "Line 26"),
        (RATINGS + "99,C01,LIE,0\n", [], "Line 26"),
        ("", [], "empty"),
    ],
)
def test_a_bad_table_of_ratings_ends_with_exit_code_2_and_one_sentence(run_without, tmp_path, table, options, sentence):
    (tmp_path / "r.csv").write_text(table)
    answered = run_without("agreement", str(tmp_path / "r.csv"), *options)

    assert (answered.exit_code, answered.stdout) == (2, "")
    assert sentence in answered.stderr


def test_a_package_is_written_whole_and_checked(run, tmp_path):
    path = tmp_path / "package.zip"

    written = run("export", "--shape", "package", "-o", str(path))
    assert written.exit_code == 0, written.output
    assert "Digest of " in written.stdout
    digest = written.stdout.split()[-1]
    assert list(tmp_path.glob("package*")) == [path]

    checked = run("export", "--check", str(path))
    assert (checked.exit_code, checked.stdout.split()[-1]) == (0, digest)
    path.write_bytes(path.read_bytes()[:-9])
    refused = run("export", "--check", str(path))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: This is no package, or not a whole one")


def test_a_package_to_standard_output_tells_its_digest_beside_it(run):
    written = run("export", "--shape", "package")

    assert written.stdout_bytes.startswith(b"PK")
    assert "sha256:" in written.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--shape", "package", "--guard"),
        ("--shape", "package", "--round", "main"),
        ("--shape", "package", "--format", "csv"),
        ("--format", "zip"),
        ("--shape", "recal", "--bom"),
        ("--shape", "recal", "--format", "xlsx"),
        ("--format", "xlsx", "--guard"),
    ],
)
def test_what_does_not_go_with_a_package_is_refused(run_without, words):
    assert run_without("export", *words).exit_code == 2


@pytest.mark.parametrize("shape", ["long", "wide", "gold", "articles"])
def test_the_shell_writes_workbooks(run, shape, tmp_path):
    path = tmp_path / "table.xlsx"

    assert run("export", "--shape", shape, "--format", "xlsx", "-o", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"PK")
    assert list(tmp_path.glob("table*")) == [path]


@pytest.mark.parametrize("shape", ["reliability", "recal", "articles"])
def test_the_shell_writes_further_shapes(run, shape):
    written = run("export", "--shape", shape)

    assert written.exit_code == 0
    assert "," in written.stdout or shape == "recal"  # the first article, which nobody has answered


def test_a_package_comes_back_as_a_project_of_another_name(run, tmp_path):
    path = str(tmp_path / "package.zip")
    assert run("export", "--shape", "package", "-o", path).exit_code == 0

    taken = run("import", path)
    assert (taken.exit_code, taken.stdout) == (1, "")
    assert "--project" in taken.stderr
    came = run("import", path, "--project", "Once more")
    assert came.exit_code == 0, came.output
    assert "project “Once more”, articles 1, revisions of answers 0. sha256:" in came.stdout
    assert run("export", "--project", "Once more", "--shape", "articles").stdout.count("\n") == 2
    assert run("verify").exit_code == 0


def test_a_package_is_merged_into_a_project_that_is_here(run, tmp_path):
    path = str(tmp_path / "package.zip")
    run("export", "--shape", "package", "--no-copies", "-o", path)
    run("import", path, "--project", "Once more")

    seen = run("import", path, "--into", "Once more", "--preview")
    assert seen.exit_code == 0, seen.output
    assert "articles: 0 new, 1 the same, 0 different, 0 left out" in seen.stdout
    assert seen.stdout.endswith(" left out, in project “Once more”. Nothing is written yet.\n")
    done = run("import", path, "--into", "Once more")
    assert (done.exit_code, "0 rows new" in done.stdout) == (0, True)
    refused = run("import", path, "--into", "Once more", "--same", "C00=C98")  # nobody is drawn that code
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Nobody in the package has the code “C00”." in refused.stderr
    assert run("import", path, "--into", "None").exit_code == 1
    assert run("import", path, "--preview").exit_code == 2
    assert run("export", "--no-copies").exit_code == 2
    assert run("verify").exit_code == 0


def test_a_package_comes_alone_and_whole(run, tmp_path):
    (tmp_path / "no.zip").write_bytes(b"PK")

    assert run("import", str(tmp_path / "no.zip"), str(tmp_path)).exit_code == 2
    refused = run("import", str(tmp_path / "no.zip"))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "no readable ZIP file" in refused.stderr
