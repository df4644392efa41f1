//! What may be written to an item and what may not, by POST and by PUT alike.

use serde_json::{Value, json};

use super::http::Request;
use super::probe::{ITEMS, MARKER, Probe};

/// Writes items at the edges of what is allowed, and expects them as they were meant.
pub fn valid(probe: &mut Probe) {
    for case in valid_cases(probe) {
        let (path, answer) =
            probe.create_by(&Request::json("POST", ITEMS, &case.sent).noted(case.note));
        compare(
            probe,
            &format!("POST with {}", case.note),
            &answer.json(),
            &case.stored,
        );
        let replaced = Request::json("PUT", &path, &case.sent).noted(case.note);
        let answer = probe.expect(&replaced, 200);
        compare(
            probe,
            &format!("PUT with {}", case.note),
            &answer.json(),
            &case.stored,
        );
        let read = probe.expect(&Request::get(&path), 200);
        compare(
            probe,
            &format!("GET after {}", case.note),
            &read.json(),
            &case.stored,
        );
    }
}

/// An item to write, and what is then stored.
struct Valid {
    note: &'static str,
    sent: Value,
    stored: Value,
}

fn valid_cases(probe: &mut Probe) -> Vec<Valid> {
    // A letter of its own for each run, so that what an aborted one left doesn't matter.
    let letter = char::from_u32(0x4e00 + std::process::id() % 0x5000)
        .unwrap_or('一')
        .to_string();
    let (long, wide, blank) = (
        probe.name_of(120, 'n'),
        probe.name_of(120, '🦀'),
        probe.name_of(120, 'b'),
    );
    let names = [
        ("a name of 1 character", letter.clone(), letter),
        ("a name of 120 characters", long.clone(), long),
        ("a name of 120 characters beyond ASCII", wide.clone(), wide),
        (
            "a name of 120 characters between blanks",
            format!("  {blank}\t\n"),
            blank,
        ),
    ];
    let spaced = probe.name();
    let wide_blanks = (
        "a name between wide blanks",
        format!("\u{3000}{spaced}\u{a0}"),
        spaced,
    );
    let inner = probe.name() + "  two  blanks";
    let inner_blanks = ("a name with blanks inside", inner.clone(), inner);
    let names = names
        .into_iter()
        .chain([wide_blanks, inner_blanks])
        .map(|(note, sent, stored)| Valid {
            note,
            sent: json!({"name": sent, "description": "d", "quantity": 1}),
            stored: json!({"name": stored, "description": "d", "quantity": 1}),
        });
    let mut cases: Vec<_> = names.collect();
    for (note, description) in [
        ("no description: null", json!(null)),
        ("an empty description", json!("")),
        ("a description of 2000 characters", json!("d".repeat(2000))),
        (
            "a description of 2000 characters beyond ASCII",
            json!("🦀".repeat(2000)),
        ),
        ("a description with blanks and lines", json!(" a\n  b ")),
    ] {
        let body = json!({"name": probe.name(), "description": description, "quantity": 1});
        cases.push(Valid {
            note,
            sent: body.clone(),
            stored: body,
        });
    }
    for (note, quantity) in [("quantity 0", 0), ("quantity 2147483647", 2_147_483_647)] {
        let body = json!({"name": probe.name(), "description": "d", "quantity": quantity});
        cases.push(Valid {
            note,
            sent: body.clone(),
            stored: body,
        });
    }
    let name = probe.name();
    cases.push(Valid {
        note: "nothing but a name",
        sent: json!({"name": name}),
        stored: json!({"name": name, "description": null, "quantity": 0}),
    });
    cases
}

/// Expects the keys of one object in another.
pub fn compare(probe: &mut Probe, what: &str, got: &Value, expected: &Value) {
    for (key, value) in expected.as_object().into_iter().flatten() {
        probe.equal(&format!("{what}: {key}"), &got[key], value);
    }
}

/// Writes what isn't allowed, and expects to be told where.
pub fn invalid(probe: &mut Probe) {
    let name = probe.name();
    let (item, _) = probe.create(&json!({"name": name, "description": "kept", "quantity": 7}));
    let before = probe.expect(&Request::get(&item), 200).json();
    let total = probe.send(&Request::get(ITEMS)).json()["total"].clone();
    for (method, path) in [("POST", ITEMS), ("PUT", item.as_str())] {
        for (note, body, locations) in invalid_cases() {
            let request = Request::json(method, path, &body).noted(format!("with {note}"));
            let problem = probe.expect(&request, 422).json();
            let named: Vec<_> = problem["errors"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|error| error["location"].as_str())
                .collect();
            let all = locations.iter().all(|location| named.contains(location));
            probe.holds(
                all,
                format!("{request}: expected errors at {locations:?}, got {named:?}"),
            );
        }
        for (note, body, statuses) in broken_cases() {
            let request = Request::new(method, path).typed("application/json", body);
            probe.expect_any(&request.noted(format!("with {note}")), statuses);
        }
    }
    let after = probe.expect(&Request::get(&item), 200).json();
    probe.equal("an item after PUTs that were refused", after, before);
    let now = probe.send(&Request::get(ITEMS)).json()["total"].clone();
    probe.equal("total after POSTs that were refused", now, total);
}

/// JSON that is no item, and where the errors are.
fn invalid_cases() -> Vec<(&'static str, Value, &'static [&'static str])> {
    const NAME: &[&str] = &["body.name"];
    const DESCRIPTION: &[&str] = &["body.description"];
    const QUANTITY: &[&str] = &["body.quantity"];
    let long = |filling: char, length: usize| {
        let missing = length - MARKER.len();
        MARKER.to_owned() + &filling.to_string().repeat(missing)
    };
    let names = [
        ("an empty name", json!("")),
        ("a blank name", json!(" \t\n ")),
        ("a name of 121 characters", json!(long('n', 121))),
        (
            "a name of 121 characters beyond ASCII",
            json!(long('🦀', 121)),
        ),
        ("a name with NUL", json!(format!("{MARKER}\0"))),
        ("NUL as name", json!("\0")),
        ("null as name", json!(null)),
        ("a number as name", json!(7)),
        ("a list as name", json!([MARKER])),
    ];
    let descriptions = [
        ("a description of 2001 characters", json!(long('d', 2001))),
        (
            "a description of 2001 characters beyond ASCII",
            json!(long('🦀', 2001)),
        ),
        ("a number as description", json!(7)),
        ("an object as description", json!({MARKER: MARKER})),
    ];
    let quantities = [
        ("quantity -1", json!(-1)),
        ("quantity 2147483648", json!(2_147_483_648_i64)),
        ("a quantity beyond 64 bits", json!(1e300)),
        ("quantity 1.5", json!(1.5)),
        ("quantity \"1\"", json!("1")),
        ("a text as quantity", json!(MARKER)),
        ("true as quantity", json!(true)),
        ("null as quantity", json!(null)),
    ];
    let fields = [
        ("name", NAME, names.as_slice()),
        ("description", DESCRIPTION, &descriptions),
        ("quantity", QUANTITY, &quantities),
    ];
    let mut cases = Vec::new();
    for (field, location, values) in fields {
        for (note, value) in values {
            let mut body = json!({"name": "n", "description": "d", "quantity": 1});
            body[field] = value.clone();
            cases.push((*note, body, location));
        }
    }
    cases.extend([
        ("no name", json!({"description": MARKER}), NAME),
        ("no field at all", json!({}), NAME),
        (
            "an unknown field",
            json!({"name": "n", "colour": MARKER}),
            &["body.colour"],
        ),
        (
            "an unknown field of a rejected name",
            json!({"name": "n", MARKER: 1}),
            &[],
        ),
        (
            "an id",
            json!({"name": "n", "id": super::probe::NOBODY}),
            &["body.id"],
        ),
        (
            "created_at",
            json!({"name": "n", "created_at": "2020-01-01T00:00:00Z"}),
            &["body.created_at"],
        ),
        (
            "two errors",
            json!({"name": "", "quantity": MARKER}),
            &["body.name", "body.quantity"],
        ),
        ("a list as body", json!([MARKER]), &["body"]),
        ("a text as body", json!(MARKER), &["body"]),
        ("null as body", json!(null), &["body"]),
    ]);
    cases
}

/// Bodies that aren't JSON, and others that have to be survived.
fn broken_cases() -> [(&'static str, Vec<u8>, &'static [u16]); 11] {
    const NOT_JSON: &[u16] = &[400];
    const SURVIVED: &[u16] = &[400, 422];
    [
        ("no body", Vec::new(), NOT_JSON),
        ("a word", MARKER.into(), NOT_JSON),
        (
            "half an object",
            format!("{{\"name\": \"{MARKER}").into(),
            NOT_JSON,
        ),
        (
            "a comma too many",
            format!("{{\"name\": \"{MARKER}\",}}").into(),
            NOT_JSON,
        ),
        (
            "single quotes",
            format!("{{'name': '{MARKER}'}}").into(),
            NOT_JSON,
        ),
        (
            "two objects",
            format!("{{}}{{\"name\": \"{MARKER}\"}}").into(),
            NOT_JSON,
        ),
        (
            "NaN",
            b"{\"name\": \"n\", \"quantity\": NaN}".to_vec(),
            NOT_JSON,
        ),
        (
            "bytes that aren't UTF-8",
            b"{\"name\": \"\xff\xfe\"}".to_vec(),
            NOT_JSON,
        ),
        (
            "half a surrogate pair",
            b"{\"name\": \"\\ud800\"}".to_vec(),
            SURVIVED,
        ),
        ("100000 brackets", "[".repeat(100_000).into(), SURVIVED),
        (
            "5000 digits",
            format!("{{\"name\": \"n\", \"quantity\": {}}}", "9".repeat(5000)).into(),
            SURVIVED,
        ),
    ]
}
