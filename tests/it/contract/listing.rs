//! The list of items, page by page.

use serde_json::{Value, json};

use super::http::Request;
use super::instant;
use super::probe::{ITEMS, MARKER, Probe, has_keys};

/// Enough items that the default page doesn't hold all.
const MADE: u64 = 25;

/// Pages through the list, and tries limits and offsets that aren't allowed.
pub fn list(probe: &mut Probe) {
    let before = total(probe);
    let mut made = Vec::new();
    for quantity in 0..MADE {
        let body = json!({"name": probe.name(), "description": null, "quantity": quantity});
        made.push(probe.create(&body).1.json());
    }
    let total = total(probe);
    probe.equal("total after 25 POSTs", total, before + MADE);

    let pages = [
        ("", 20, 0),
        ("?limit=20&offset=0", 20, 0),
        ("?limit=1", 1, 0),
        ("?offset=1", 20, 1),
        ("?limit=100", 100, 0),
        ("?limit=3&offset=2", 3, 2),
        ("?offset=2147483647", 20, 2_147_483_647),
    ];
    for (query, limit, offset) in pages {
        let what = format!("GET {ITEMS}{query}");
        let page = probe
            .expect(&Request::get(&format!("{ITEMS}{query}")), 200)
            .json();
        let exact = has_keys(&page, &["items", "total", "limit", "offset"]);
        probe.holds(
            exact,
            format!("{what}: expected items, total, limit and offset, got {page}"),
        );
        for (key, expected) in [("total", total), ("limit", limit), ("offset", offset)] {
            probe.equal(&format!("{what}: {key}"), &page[key], expected);
        }
        let expected = limit.min(total.saturating_sub(offset));
        let count = page["items"].as_array().map_or(0, Vec::len) as u64;
        probe.equal(&format!("{what}: number of items"), count, expected);
    }

    let listed = all(probe, total);
    let times: Vec<_> = listed
        .iter()
        .map(|item| seconds(&item["created_at"]))
        .collect();
    probe.holds(times.is_sorted(), "list: expected the oldest first");
    let newest: Vec<&Value> = listed
        .iter()
        .skip(listed.len().saturating_sub(made.len()))
        .collect();
    probe.equal(
        "list: the newest items",
        newest,
        made.iter().collect::<Vec<_>>(),
    );
    refused(probe);
}

fn seconds(time: &Value) -> Option<f64> {
    time.as_str().and_then(instant::seconds)
}

fn total(probe: &mut Probe) -> u64 {
    probe.expect(&Request::get(ITEMS), 200).json()["total"]
        .as_u64()
        .unwrap_or_default()
}

/// Reads the whole list in pages that don't divide it.
fn all(probe: &mut Probe, total: u64) -> Vec<Value> {
    let mut items = Vec::new();
    for offset in (0..total).step_by(7) {
        let request = Request::get(&format!("{ITEMS}?limit=7&offset={offset}"));
        let page = probe.expect(&request, 200).json();
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
    }
    items
}

fn refused(probe: &mut Probe) {
    let values = [
        (
            "limit",
            [
                "0",
                "101",
                "-1",
                "2147483648",
                "1.5",
                "",
                "ten",
                MARKER,
                "99999999999999999999",
            ],
        ),
        (
            "offset",
            [
                "-1",
                "2147483648",
                "-2147483649",
                "1.5",
                "",
                "ten",
                "0x1",
                MARKER,
                "99999999999999999999",
            ],
        ),
    ];
    for (key, values) in values {
        let location = format!("query.{key}");
        for value in values {
            let request = Request::get(&format!("{ITEMS}?{key}={value}"));
            let problem = probe.expect(&request, 422).json();
            probe.equal(
                &format!("{request}: location"),
                &problem["errors"][0]["location"],
                &location,
            );
        }
    }
}
