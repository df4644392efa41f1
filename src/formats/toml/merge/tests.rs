//! Three versions of a document, and what comes of them.

use crate::formats::{Format, Merged};

fn merge(base: &str, yours: &str, desired: &str) -> Merged {
    Format::Toml.merge(base, yours, desired).unwrap().unwrap()
}

/// Checks what comes of two changes, and that nothing more comes of doing it again.
#[track_caller]
fn assert_merges(base: &str, yours: &str, desired: &str, expected: &str) {
    let merged = merge(base, yours, desired);
    let text = match &merged {
        Merged::Clean(text) => text,
        Merged::Conflict {
            base,
            yours,
            desired,
        } => {
            panic!("conflict:\n{base}\n-----\n{yours}\n-----\n{desired}")
        }
    };
    assert_eq!(text, expected, "got:\n{text}");
    assert_eq!(merge(desired, text, desired), merged);
}

/// Checks the three texts of a conflict.
#[track_caller]
fn assert_conflicts(texts: [&str; 3], expected: [&str; 3]) {
    let Merged::Conflict {
        base,
        yours,
        desired,
    } = merge(texts[0], texts[1], texts[2])
    else {
        panic!("no conflict");
    };
    assert_eq!(
        [base.as_str(), &yours, &desired],
        expected,
        "got:\n{base}\n-----\n{yours}\n-----\n{desired}"
    );
}

#[test]
fn keys_that_one_side_changed() {
    // Added, changed and removed by the template.
    assert_merges(
        "a = 1\n",
        "a = 1\nu = 1\n",
        "a = 1\nb = 2\n",
        "a = 1\nb = 2\nu = 1\n",
    );
    assert_merges(
        "a = 1\n",
        "a  =  1 # why\nu = 1\n",
        "a = 2\n",
        "a  =  2 # why\nu = 1\n",
    );
    assert_merges(
        "a = 1\nb = 2\n",
        "a = 1\nb = 2\nu = 1\n",
        "b = 2\n",
        "b = 2\nu = 1\n",
    );
    // Changed, removed by the user.
    assert_merges(
        "a = 1\nb = 2\n",
        "a = 3\nb = 2\n",
        "a = 1\nb = 4\n",
        "a = 3\nb = 4\n",
    );
    assert_merges("a = 1\nb = 2\n", "b = 2\n", "a = 1\nb = 4\n", "b = 4\n");
    assert_merges("a = 1\nb = 2\n", "b = 2\n", "a = 9\nb = 4\n", "b = 4\n");
    assert_merges(
        "a = 1\nb = 2\n",
        "a = 3\nb = 2\n",
        "b = 4\n",
        "a = 3\nb = 4\n",
    );
    // Changed alike, in another spelling.
    assert_merges(
        "a = 1\nb = 1\n",
        "a = 'x'\nb = 1\n",
        "a = \"x\"\nb = 2\n",
        "a = 'x'\nb = 2\n",
    );
}

#[test]
fn keys_that_both_changed() {
    assert_conflicts(
        [
            "[t]\na = 1\nb = 1\n",
            "[t]\na = 2 # two\nb = 1\n",
            "[t]\na = 3\nb = 2\n",
        ],
        [
            "[t]\na = 1 # two\nb = 2\n",
            "[t]\na = 2 # two\nb = 2\n",
            "[t]\na = 3 # two\nb = 2\n",
        ],
    );
    assert_conflicts(
        ["", "[t]\na = 2\nu = 1\n", "[t]\na = 3\nb = 2\n"],
        [
            "[t]\nb = 2\nu = 1\n",
            "[t]\na = 2\nb = 2\nu = 1\n",
            "[t]\na = 3\nb = 2\nu = 1\n",
        ],
    );
    assert_conflicts(
        ["a = 1\n", "a = 2\n", "a = { x = 1 }\n"],
        ["a = 1\n", "a = 2\n", "a = { x = 1 }\n"],
    );
    assert_conflicts(
        [
            "t = { a = 1, b = 1 }\n",
            "t = { a = 2, b = 1 }\n",
            "[t]\na = 3\nb = 2\n",
        ],
        [
            "t = { a = 1, b = 2 }\n",
            "t = { a = 2, b = 2 }\n",
            "t = { a = 3, b = 2 }\n",
        ],
    );
}

#[test]
fn tables_come_and_go() {
    let base = "[a]\nx = 1\n\n# About b.\n[b]\n# y\ny = 1\n# end\n\n[c]\nz = 1\n";
    let without = "[a]\nx = 1\n\n[c]\nz = 1\n";
    let user = |text: &str| text.replace("x = 1\n", "x = 1\n# mine\nu = 2 # two\n");
    assert_merges(base, &user(base), without, &user(without));
    assert_merges(without, &user(without), base, &user(base));
    assert_merges(
        base,
        &base.replace("y = 1\n", "y = 1\nu = 1\n"),
        without,
        "[a]\nx = 1\n\n# About b.\n[b]\nu = 1\n# end\n\n[c]\nz = 1\n",
    );
    assert_merges(
        base,
        &base.replace("# y\n", "# y\n# mine\n"),
        without,
        "[a]\nx = 1\n\n# About b.\n[b]\n# mine\n# end\n\n[c]\nz = 1\n",
    );
}

#[test]
fn looks_are_kept() {
    let base = "a = 1\n\n[t]\nb = [1, 2]\nc = 1\n";
    let yours = "# The file.\n\n\na=1  \n\n\n[t]  # table\n\n  b = [\n  1,  2 ]\n  c  = 0x1\n[u]\nv.'w' = 1\n";
    assert_merges(
        base,
        yours,
        "a = 2\n\n[t]\nb = [1, 2]\nc = 1\n",
        &yours.replace("a=1", "a=2"),
    );
    assert_merges(
        base,
        yours,
        "a = 1\n\n[t]\nb = [1, 2]\nc = 2\n",
        &yours.replace("0x1", "2"),
    );
    assert_merges(
        base,
        yours,
        "a = 1\n\n[s]\nd = 1\n\n[t]\nb = [1, 2]\nc = 1\n",
        &yours.replace("  \n\n\n[t]", "\n\n[s]\nd = 1\n\n\n[t]"),
    );
}

#[test]
fn comments_that_the_template_changed() {
    assert_merges(
        "# old\na = 1 # old\nb = 1\n",
        "# old\na = 1 # old\nb = 2\n",
        "# new\na = 1 # new\nb = 1\n",
        "# new\na = 1 # new\nb = 2\n",
    );
    assert_merges(
        "# old\na = 1\nb = 1\n",
        "# mine\n# old\na = 1\nb = 2\n",
        "# new\n# newer\na = 1\nb = 1\n",
        "# mine\n# new\n# newer\na = 1\nb = 2\n",
    );
    assert_merges(
        "a = 1\n\n# old\n[t] # old\nb = 1\n# old\n\n[u]\n",
        "a = 2\n\n# old\n[t] # mine\nb = 1\n# old\n\n[u]\n",
        "a = 1\n\n# new\n[t] # new\nb = 1\n# new\n\n[u]\n",
        "a = 2\n\n# new\n[t] # mine\nb = 1\n# new\n\n[u]\n",
    );
}

#[test]
fn arrays_are_sets_in_order() {
    let of = |list: &str| format!("a = [{list}]\n");
    let cases = [
        ("1, 2", "1, 2, 9", "1, 3, 2", "1, 3, 2, 9"),
        ("1, 2", "9, 1, 2", "2", "9, 2"),
        ("1, 2", "1, 9", "1, 2, 3", "1, 3, 9"),
        ("1, 2", "2, 1", "1, 2, 3", "2, 3, 1"),
        ("1, 2", "2", "1, 3", "3"),
        ("1, 2", "1,2", "2, 1", "2, 1"),
        ("", "9", "1", "9, 1"),
        ("{ x = 1 }", "{ x = 1 }, 9", "{ x = 2 }", "{ x = 2 }, 9"),
        ("1, 1", "1, 1, 9", "1", "1, 9"),
    ];
    for (base, yours, desired, expected) in cases {
        assert_merges(&of(base), &of(yours), &of(desired), &of(expected));
    }
}

#[test]
fn items_move_with_their_comments() {
    let base = "a = [\n    \"x\",  # ecks\n    \"yy\", # why\n]\n";
    let more = "a = [\n    \"x\",    # ecks\n    \"wwww\", # new\n    \"yy\",   # why\n]\n";
    let user = |text: &str| text.replace(']', "    # mine\n    \"zzzz\",\n]");
    assert_merges(base, &user(base), more, &user(more));
    assert_merges(more, &user(more), base, &user(base));
    assert_merges(
        base,
        "a = [\n    \"x\", # ecks\n    # mine\n    \"yy\", # why\n    \"z\"\n]\n",
        "a = [\n    \"x\", # eks\n]\n",
        "a = [\n    \"x\", # eks\n    # mine\n    \"z\"\n]\n",
    );
    assert_merges(
        "a = [\n  1, 2,\n]\n",
        "a = [\n  1, 2,\n  9 ]\n",
        "a = [\n  1, 2,\n  3,\n]\n",
        "a = [\n  1, 2, 3,\n  9\n]\n",
    );
    assert_merges(
        "a = [ 1 ]\n",
        "a = [ 1, 9 ]\n",
        "a = [1, 2]\n",
        "a = [ 1, 2, 9 ]\n",
    );
}

fn list(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("    {item},\n")).collect();
    format!("[project]\ndependencies = [\n{}]\n", items.concat())
}

#[test]
fn requirements_are_merged_by_package() {
    assert_merges(
        &list(&["\"b>=1\"", "\"d>=1\""]),
        &list(&["\"b>=1\"", "\"c\"", "\"d[x]>=1\""]),
        &list(&["\"a\"", "\"b>=2\"", "\"d>=2\""]),
        &list(&["\"a\"", "\"b>=2\"", "\"c\"", "\"d[x]>=2\""]),
    );
    assert_merges(
        &list(&["\"b>=1\"", "\"d>=1\""]),
        &list(&["\"b>=5\"", "\"d>=1\"", "\"a\""]),
        &list(&["\"c\"", "\"d>=1\""]),
        &list(&["\"c\"", "\"b>=5\"", "\"d>=1\"", "\"a\""]),
    );
    assert_merges(
        &list(&["\"b>=1\"", "\"d>=1\""]),
        &list(&["\"d>=1; m == '1'\""]),
        &list(&["\"b>=2\"", "\"d>=2\""]),
        &list(&["\"d>=2; m == '1'\""]),
    );
    assert_merges(
        "[dependency-groups]\ndev = [\"a\"]\n",
        "[dependency-groups]\ndev = [\"a\", \"c\"]\n",
        "[dependency-groups]\ndev = [\n    { include-group = \"x\" },\n    \"a\",\n    \"b\",\n]\n",
        "[dependency-groups]\ndev = [\n    { include-group = \"x\" },\n    \"a\",\n    \"b\",\n    \"c\",\n]\n",
    );
}

#[test]
fn requirements_that_both_changed() {
    assert_conflicts(
        [
            &list(&["\"a>=1\"", "\"b>=1\""]),
            &list(&["\"a>=2\" # mine", "\"b>=1\"", "\"u\""]).replace(" # mine,", ", # mine"),
            &list(&["\"a>=3\"", "\"b>=2\""]),
        ],
        ["1", "2", "3"].map(|version| {
            let text = list(&[&format!("\"a>={version}\" # mine"), "\"b>=2\"", "\"u\""]);
            &*text.replace(" # mine,", ", # mine").leak()
        }),
    );
    assert_conflicts(
        [
            "",
            "dependencies = [\"a>=1\", \"b\"]\n",
            "dependencies = [\"a>=2\", \"c\"]\n",
        ],
        [
            "dependencies = [\n    \"b\",\n    \"c\",\n]\n",
            "dependencies = [\n    \"a>=1\",\n    \"b\",\n    \"c\",\n]\n",
            "dependencies = [\n    \"a>=2\",\n    \"b\",\n    \"c\",\n]\n",
        ],
    );
}

#[test]
fn elements_are_merged_one_by_one() {
    let base = "[[o]]\nmodule = 'a'\nx = 1\n\n[[o]]\nmodule = 'b'\nx = 1\n";
    assert_merges(
        base,
        "[[o]]\nmodule = 'a'\nx = 2 # mine\n\n[[o]]\nmodule = 'b'\nx = 1\n\n[[o]]\nmodule = 'u'\n",
        "[[o]]\nmodule = 'a'\nx = 1\ny = 1\n\n[[o]]\nmodule = 'c'\n",
        "[[o]]\nmodule = 'a'\nx = 2 # mine\ny = 1\n\n[[o]]\nmodule = 'c'\n\n[[o]]\nmodule = 'u'\n",
    );
    assert_merges(base, &format!("{base}\n[u]\nx = 1\n"), "", "[u]\nx = 1\n");
    assert_merges("", "[u]\nx = 1\n", base, &format!("[u]\nx = 1\n\n{base}"));
    assert_conflicts(
        [
            base,
            &base.replace("'a'\nx = 1", "'a'\nx = 2"),
            &base.replace("'a'\nx = 1", "'a'\nx = 3"),
        ],
        ["1", "2", "3"].map(|x| &*base.replace("'a'\nx = 1", &format!("'a'\nx = {x}")).leak()),
    );
    assert_merges(
        "o = [{ module = 'a' }]\n",
        "[[o]]\nmodule = 'a'\n",
        "o = [{ module = 'a' }, { module = 'b' }]\n",
        "[[o]]\nmodule = 'a'\n\n[[o]]\nmodule = \"b\"\n"
            .replace("\"b\"", "'b'")
            .as_str(),
    );
}

#[test]
fn elements_that_lists_name_are_known_by_the_rest() {
    let element = |list: &str| format!("[[o]]\nmodule = [{list}]\nx = 1\n");
    let [base, yours, desired] = ["'a', 'b'", "'a', 'b', 'u'", "'b', 'c'"].map(element);
    assert_merges(&base, &yours, &desired, &element("'b', 'c', 'u'"));
    assert_merges("", &yours, &element("'a'"), &yours);
    assert_merges(&base, &element("'u'"), "", &element("'u'"));
    let other = "[[o]]\nmodule = ['a']\nx = 2\n";
    assert_merges("", other, &base, &format!("{other}\n{base}"));
    // One that is the same is no other, whatever else says the same.
    let two = format!("{}\n{base}", element("'u'"));
    assert_merges(&base, &two, "", &element("'u'"));
}

#[test]
fn one_table_in_many_spellings() {
    assert_merges(
        "[a]\nb = 1\n",
        "a = { b = 1 }\n",
        "[a]\nb = 2\nc = 1\n",
        "a = { b = 2, c = 1 }\n",
    );
    assert_merges(
        "a = {b = 1}\n",
        "[a]\nb = 1\nu = 1\n",
        "a = {c = 1}\n",
        "[a]\nu = 1\nc = 1\n",
    );
    assert_merges(
        "[a.b]\nx = 1\ny = 1\n",
        "a.b.x = 1\na.b.y = 1\nu = 1\n",
        "[a.b]\ny = 1\n",
        "a.b.y = 1\nu = 1\n",
    );
    assert_merges("[a]\nb = 1\n", "a = { b = 1 }\nu = 1\n", "", "u = 1\n");
    assert_merges(
        "a = 1\nb = 1\n",
        "a = 1\nb = 1\nu = 1\n",
        "b = 1\n[a]\nx = 1\n",
        "b = 1\nu = 1\n\n[a]\nx = 1\n",
    );
    assert_merges(
        "[a]\nx = 1\n[b]\ny = 1\n",
        "[a]\nx = 1\n[b]\ny = 2\n",
        "a = 1\n[b]\ny = 1\n",
        "a = 1\n\n[b]\ny = 2\n",
    );
}

/// A project that its owner has worked on, and a template that checks types with something else.
#[test]
fn a_project_is_merged_as_its_owner_would() {
    let base = include_str!("../tests/composed.toml");
    let with_template = |text: &str| {
        let start = text.find("# Types.\n").unwrap();
        let end = text.find("# Ours.\n").or(text.find("[custom]\n")).unwrap();
        let text = format!(
            "{}# Types.\n[tool.grinder]\nlevel = \"strict\"\n\n{}",
            &text[..start],
            &text[end..]
        );
        text.replace("    \"mill>=2.4\",   # strict\n", "")
            .replace("    \"coverage[toml]", "    \"coverage[toml,x]")
            .replace("    \"pytest>", "    \"grinder>=1\",\n    \"pytest>")
            .replace("# no per-file copyright notices", "# one notice is enough")
    };
    let with_owner = |text: &str| {
        text.replace("0.1.0", "0.4.2")
            .replace(
                "    \"fastweb",
                "    \"cloudy>=3\", # uploads\n    \"fastweb",
            )
            .replace("coverage[toml", "coverage[fast,toml")
            .replace("    \"TC\",  ", "    \"E501\",   # ours\n    \"TC\",  ")
            .replace(
                "[tool.pytest]",
                "[tool.ruff.lint.isort]\nsingle = true # ours\n\n[tool.pytest]",
            )
            .replace("[custom]", "# Ours.\n[custom]")
            + "\n\n[tool.bump]\n  files=[ \"a\" ]\n"
    };
    let (yours, desired) = (with_owner(base), with_template(base));
    let expected = with_template(&yours).replace("coverage[fast,toml]", "coverage[fast,toml,x]");
    assert_merges(base, &yours, &desired, &expected);
    assert_merges(&desired, &expected, base, &yours);
}

#[test]
fn long_documents_are_merged() {
    let keys = |from: usize, to: usize| -> String {
        let lines: Vec<String> = (from..to)
            .map(|key| format!("key{key} = {key}\n"))
            .collect();
        lines.concat()
    };
    let merged = merge(
        &keys(0, 1000),
        &keys(1, 2000),
        &(keys(0, 900) + &keys(3000, 4000)),
    );
    let expected = keys(1, 900) + &keys(3000, 4000) + &keys(1000, 2000);
    assert_eq!(merged, Merged::Clean(expected));
}
