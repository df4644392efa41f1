//! Pairs of documents, and what comes of them.

use super::*;

/// Checks what comes of two documents, and that laying the same once more changes nothing.
#[track_caller]
fn assert_composes(below: &str, above: &str, expected: &str) {
    let composed = compose(below, above).unwrap();
    assert_eq!(composed, expected, "got:\n{composed}");
    assert_eq!(compose(&composed, above).unwrap(), composed);
}

/// Checks the message of a conflict and the part of the upper text that it points at.
#[track_caller]
fn assert_conflicts(below: &str, above: &str, message: &str, part: &str) {
    let error = compose(below, above).unwrap_err();
    assert_eq!(error.message, message);
    assert_eq!(error.side, Side::Above);
    assert_eq!(&above[error.range.unwrap()], part);
}

/// A project, and three layers over it one after the other.
#[test]
fn a_project_looks_written_by_hand() {
    let layers = [
        include_str!("tests/1-framework.toml"),
        include_str!("tests/2-database.toml"),
        include_str!("tests/3-types.toml"),
        include_str!("tests/4-bridge.toml"),
    ];
    let mut composed = include_str!("tests/0-base.toml").to_owned();
    for layer in layers {
        composed = compose(&composed, layer).unwrap();
        assert_eq!(compose(&composed, layer).unwrap(), composed);
    }
    assert_eq!(
        composed,
        include_str!("tests/composed.toml"),
        "got:\n{composed}"
    );
}

#[test]
fn nothing_changes_nothing() {
    assert_composes("", "", "");
    assert_composes("a = 1\n", "", "a = 1\n");
    assert_composes("", "a = 1\n", "a = 1\n");
    assert_composes("a = [2, 1]\n", "a = []\n", "a = [2, 1]\n");
    assert_composes("# why\n\n[a]\n", "[a]\n", "# why\n\n[a]\n");
}

#[test]
fn upper_scalars_win_and_comments_of_the_lower_stay() {
    assert_composes("a = 1 # one\n", "a = 'x'\n", "a = 'x' # one\n");
    assert_composes("a = 1 # one\n", "a = 2   # two\n", "a = 2   # two\n");
    assert_composes("# a\na = 1\n", "# other\na = 2\n", "# a\na = 2\n");
    assert_composes("a = 1\n", "# why two\na = 2\n", "# why two\na = 2\n");
    assert_composes("a   = 1\nbcd = 2\n", "a = 3\n", "a   = 3\nbcd = 2\n");
}

#[test]
fn new_keys_come_behind_with_their_comments() {
    assert_composes(
        "[a]\nx = 1\n# y = 2\n\n[b]\n",
        "[a]\n# about z\nz = 3 # three\n\n# about w\nw = 4\n",
        "[a]\nx = 1\n# about z\nz = 3 # three\n\n# about w\nw = 4\n# y = 2\n\n[b]\n",
    );
}

#[test]
fn new_root_keys_stand_below_the_header_of_the_file() {
    assert_composes(
        "# The file.\n\n# About b.\n[b]\nx = 1\n",
        "a = 1\n",
        "# The file.\n\na = 1\n\n# About b.\n[b]\nx = 1\n",
    );
}

#[test]
fn new_tables_stand_behind_their_relatives() {
    assert_composes(
        "[project]\n[tool.ruff]\n[tool.ruff.lint]\n[other]\n# The end.\n\n# vim: ft=toml\n",
        "[new]\n[tool.mill]\n[tool.ruff.format]\n[project.urls]\n[newer]\n",
        "[project]\n\n[project.urls]\n\n[tool.ruff]\n\n[tool.ruff.lint]\n\n[tool.ruff.format]\n\n\
         [tool.mill]\n\n[other]\n# The end.\n\n[new]\n\n[newer]\n\n# vim: ft=toml\n",
    );
    assert_composes(
        "[a.b]\nx = 1\n",
        "[a]\ny = 1\n",
        "[a]\ny = 1\n\n[a.b]\nx = 1\n",
    );
}

#[test]
fn blank_lines_do_not_pile_up() {
    assert_composes(
        "\n\n\na = 1\n\n\n\nb = 2\n\n\n[t]\n\n\nx = 1\n\n\n\n",
        "\n\n[u]\n\n\n# about y\n\n\ny = 1\n\n\n",
        "a = 1\n\nb = 2\n\n[t]\nx = 1\n\n[u]\n# about y\n\ny = 1\n",
    );
}

#[test]
fn one_table_in_many_spellings() {
    let cases = [
        ("[a.b]\nx = 1\n", "a.b.y = 2\n", "[a.b]\nx = 1\ny = 2\n"),
        ("[a.b]\nx = 1\n", "[a]\nb.y = 2\n", "[a.b]\nx = 1\ny = 2\n"),
        (
            "[a.b]\nx = 1\n",
            "[a]\nb = { y = 2 }\n",
            "[a.b]\nx = 1\ny = 2\n",
        ),
        (
            "[a]\nb.x = 1\n",
            "[a.b]\ny = 2\n",
            "[a]\nb.x = 1\nb.y = 2\n",
        ),
        (
            "a.b.x = 1\n",
            "[a.b]\ny.z = 2\n",
            "a.b.x = 1\na.b.y.z = 2\n",
        ),
        (
            "[a]\nb = { x = 1 }\n",
            "[a.b]\ny.z = 2\n",
            "[a]\nb = { x = 1, y = { z = 2 } }\n",
        ),
        ("[a]\nb = {x = 1}\n", "[a.b]\nx = 2\n", "[a]\nb = {x = 2}\n"),
        (
            "[a]\nb = {}\n",
            "[a]\nb = { x = 1 }\n",
            "[a]\nb = { x = 1 }\n",
        ),
        (
            "[a]\nb = { x.y = 1 }\n",
            "[a]\nb = { x = { z = 2 } }\n",
            "[a]\nb = { x.y = 1, x.z = 2 }\n",
        ),
        (
            "[a.b.c]\nx = 1\n",
            "[a]\nb.y = 1\n",
            "[a.b]\ny = 1\n\n[a.b.c]\nx = 1\n",
        ),
        ("[a]\nx = 1\n", "[a]\nb.c = 1\n", "[a]\nx = 1\nb.c = 1\n"),
        ("'a.b' = 1\n", "a.b = 2\n", "'a.b' = 1\na.b = 2\n"),
        (
            "[a]\nx = 1\n",
            "[a]\n\"b c\".d = 1\n",
            "[a]\nx = 1\n\"b c\".d = 1\n",
        ),
        (
            "[a.\"b c\"]\nx = 1\n",
            "a.\"b c\".y.'z z' = 1\n",
            "[a.\"b c\"]\nx = 1\ny.\"z z\" = 1\n",
        ),
        (
            "[a]\nb.x = 1\nc = 1\n",
            "[a]\nb.y = 1\n",
            "[a]\nb.x = 1\nb.y = 1\nc = 1\n",
        ),
    ];
    for (below, above, expected) in cases {
        assert_composes(below, above, expected);
    }
}

#[test]
fn arrays_get_what_they_lack() {
    assert_composes("a = [1, 2]\n", "a = [2, 3]\n", "a = [1, 2, 3]\n");
    assert_composes("a = ['x']\n", "a = [\"x\", 'y']\n", "a = ['x', 'y']\n");
    assert_composes(
        "a = []\n",
        "a = [\n  1, # one\n]\n",
        "a = [\n  1, # one\n]\n",
    );
    assert_composes("a = [1]\n", "a = [\n  2,\n]\n", "a = [1, 2]\n");
    assert_composes("a = [\n  1\n]\n", "a = [2]\n", "a = [\n    1,\n    2,\n]\n");
    assert_composes(
        "a = [{ x = 1, y = 2 }]\n",
        "a = [{ y = 2, x = 1 }, { x = 2 }]\n",
        "a = [{ x = 1, y = 2 }, { x = 2 }]\n",
    );
    let (first, second) = ("x".repeat(40), "y".repeat(40));
    assert_composes(
        &format!("a = [\"{first}\"]\n"),
        &format!("a = [\"{second}\"]\n"),
        &format!("a = [\n    \"{first}\",\n    \"{second}\",\n]\n"),
    );
}

#[test]
fn comments_move_with_their_items() {
    assert_composes(
        "a = [ # all\n    # about one\n    1, # one\n    2 # two\n    # the end\n]\n",
        "a = [\n    # about three\n    3, # three\n    4,\n]\n",
        "a = [ # all\n    # about one\n    1, # one\n    2, # two\n    # about three\n    3, # three\n    4,\n    # the end\n]\n",
    );
    assert_composes(
        "a = [1]\n",
        "a = [\n    2, # two\n]\n",
        "a = [\n    1,\n    2, # two\n]\n",
    );
}

#[test]
fn comments_stay_aligned_where_they_were() {
    assert_composes(
        "a = [\n  100, # hundred\n  1,   # one\n]\n",
        "a = [\n  1000, # thousand\n  2, # two\n]\n",
        "a = [\n    100,  # hundred\n    1,    # one\n    1000, # thousand\n    2,    # two\n]\n",
    );
    assert_composes(
        "a = [\n  100, # hundred\n  1, # one\n]\n",
        "a = [\n  2,   # two\n]\n",
        "a = [\n    100, # hundred\n    1, # one\n    2, # two\n]\n",
    );
}

#[test]
fn requirements_are_united_by_package() {
    assert_composes(
        "[project]\ndependencies = [\n    \"Foo_Bar>=1\", # why\n    \"zed\",\n]\n",
        "[project]\ndependencies = [\"foo-bar[x]>=2\", \"mid\"]\n",
        "[project]\ndependencies = [\n    \"foo-bar[x]>=2\", # why\n    \"mid\",\n    \"zed\",\n]\n",
    );
    assert_composes(
        "[build-system]\nrequires = [\"hatcher>=1\"]\n",
        "[build-system]\nrequires = [\"hatcher>=2\"]\n",
        "[build-system]\nrequires = [\"hatcher>=2\"]\n",
    );
    assert_composes(
        "[dependency-groups]\ndev = [\n    \"b\",\n    { include-group = \"x\" },\n]\n",
        "[dependency-groups]\ndev = [{ include-group = \"x\" }, \"a\", { include-group = \"y\" }]\n",
        "[dependency-groups]\ndev = [\n    { include-group = \"x\" },\n    { include-group = \"y\" },\n    \"a\",\n    \"b\",\n]\n",
    );
    assert_composes(
        "[project.optional-dependencies]\nx = [\"b\"]\n",
        "project.optional-dependencies.x = [\"a\"]\n",
        "[project.optional-dependencies]\nx = [\n    \"a\",\n    \"b\",\n]\n",
    );
}

#[test]
fn requirements_with_markers_hold_in_their_places() {
    let of = |list: &str| format!("dependencies = [{list}]\n");
    assert_composes(
        &of("\"a; m == '1'\", \"a<2; m == '2'\""),
        &of("\"a>1; m == '1'\""),
        "dependencies = [\n    \"a<2; m == '2'\",\n    \"a>1; m == '1'\",\n]\n",
    );
    assert_composes(
        &of("\"a[x]\""),
        &of("\"a>1; m == '1'\", \"a<2; m == '2'\""),
        "dependencies = [\n    \"a[x]>1; m == '1'\",\n    \"a[x]<2; m == '2'\",\n]\n",
    );
}

#[test]
fn what_is_no_list_of_requirements_keeps_its_order() {
    assert_composes("x = [\"b\"]\n", "x = [\"a\"]\n", "x = [\"b\", \"a\"]\n");
    assert_composes(
        "requires = [\"-r b\"]\n",
        "requires = [\"a\"]\n",
        "requires = [\"-r b\", \"a\"]\n",
    );
    assert_composes(
        "requires = [\"b\", \"a>1\", \"a<2\"]\n",
        "requires = [\"a>1\", \"c\"]\n",
        "requires = [\"b\", \"a>1\", \"a<2\", \"c\"]\n",
    );
}

#[test]
fn arrays_of_tables_are_appended() {
    assert_composes(
        "[[a]]\nx = 1\n\n[a.b]\ny = 1\n\n[c]\n",
        "[[a]]\nx = 2\n\n[a.b]\ny = 2\n\n[[a]]\nx = 1\nb = {}\n",
        "[[a]]\nx = 1\n\n[a.b]\ny = 1\n\n[[a]]\nx = 2\n\n[a.b]\ny = 2\n\n[[a]]\nx = 1\nb = {}\n\n[c]\n",
    );
    assert_composes(
        "a = [{ x = 1 }]\n",
        "[[a]]\nx = 1\n[[a]]\nx.y = 2\n[[a.z]]\n",
        "a = [{ x = 1 }, { x = { y = 2 }, z = [{}] }]\n",
    );
    assert_composes(
        "[[a]]\nx = 1\n",
        "a = [{ x = 1 }, { x = 2 }]\n",
        "[[a]]\nx = 1\n\n[[a]]\nx = 2\n",
    );
    assert_composes("a = []\n", "[[a]]\nx = 1\n", "[[a]]\nx = 1\n");
    assert_composes(
        "a = { b = 1 }\n",
        "[[a.c]]\nx = 1\n",
        "a = { b = 1, c = [{ x = 1 }] }\n",
    );
}

#[test]
fn different_kinds_are_an_error_that_names_the_key() {
    let cases = [
        (
            "[a.b]\n",
            "a.b = 1\n",
            "key 'a.b' is a table below and a single value above",
            "a.b = 1",
        ),
        (
            "a.b = 1\n",
            "[a.b]\n",
            "key 'a.b' is a single value below and a table above",
            "[a.b]",
        ),
        (
            "a.b = 1\n",
            "[a.b.c]\n",
            "key 'a.b' is a single value below and a table above",
            "[a.b.c]",
        ),
        (
            "a = 1\n",
            "a = [1]\n",
            "key 'a' is a single value below and an array above",
            "a = [1]",
        ),
        (
            "a = [1]\n",
            "a.b = 1\n",
            "key 'a' is an array below and a table above",
            "a.b = 1",
        ),
        (
            "a = { b = 1 }\n",
            "a = { b = [] }\n",
            "key 'a.b' is a single value below and an array above",
            "a = { b = [] }",
        ),
        (
            "[[a]]\n",
            "[a.b]\nx = 1\n",
            "key 'a' is an array of tables below and a table above",
            "[a.b]",
        ),
        (
            "[[a]]\n",
            "x = 1\na = 1\n",
            "key 'a' is an array of tables below and a single value above",
            "a = 1",
        ),
        (
            "[a]\n",
            "[[a]]\n",
            "key 'a' is a table below and an array of tables above",
            "[[a]]",
        ),
        (
            "a = 1\n",
            "[[a]]\n",
            "key 'a' is a single value below and an array above",
            "[[a]]",
        ),
        (
            "[a]\n'b c' = 1\n",
            "[a.'b c']\n",
            "key 'a.\"b c\"' is a single value below and a table above",
            "[a.'b c']",
        ),
    ];
    for (below, above, message, part) in cases {
        assert_conflicts(below, above, message, part);
        assert_conflicts(below, &above.replace('\n', "\r\n"), message, part);
    }
}

#[test]
fn what_is_no_toml_is_an_error_with_its_place() {
    let fault = check("a = 1\r\nb = \r\n").unwrap_err();
    assert_eq!(fault.range, Some(11..11));
    assert_eq!(
        check("a = 1\na = 2\n").unwrap_err().message,
        "duplicate key"
    );
    assert_eq!(compose("a", "").unwrap_err().side, Side::Below);
    assert_eq!(compose("", "a").unwrap_err().side, Side::Above);
}
