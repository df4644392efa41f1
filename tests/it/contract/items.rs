//! The life of an item, and items that are wanted by several at once.

use serde_json::{Value, json};

use super::bodies::compare;
use super::http::{Answer, Request};
use super::instant;
use super::probe::{ITEMS, NOBODY, Probe, has_keys, is_uuid};

/// How many ask at the same time.
const CALLERS: usize = 8;

/// Creates, reads, replaces and deletes.
pub fn life(probe: &mut Probe) {
    let name = probe.name();
    let (path, created) =
        probe.create(&json!({"name": name, "description": "first", "quantity": 3}));
    let item = created.json();
    shape(probe, &created);
    let location = created.header("location").unwrap_or_default();
    let local = location
        .trim_start_matches(probe.service.base.as_str())
        .to_owned();
    probe.equal("POST /api/v1/items: Location", local, path.clone());
    let read = probe.expect(&Request::get(&path), 200);
    probe.equal("GET of a new item", read.json(), item.clone());

    taken(probe, &name, &path);
    replaced(probe, &path, &item);

    let gone = probe.expect(&Request::new("DELETE", &path), 204);
    probe.equal("DELETE: body", gone.text(), String::new());
    probe.equal("DELETE: content type", gone.media_type(), None::<String>);
    probe.disown(&path);
    let body = json!({"name": probe.name(), "description": null, "quantity": 0});
    for absent in [path, format!("{ITEMS}/{NOBODY}")] {
        probe.expect(&Request::get(&absent), 404);
        probe.expect(&Request::json("PUT", &absent, &body), 404);
        probe.expect(&Request::new("DELETE", &absent), 404);
    }
    let (_, again) = probe.create(&json!({"name": name}));
    probe.holds(again.json()["id"] != item["id"], "an id is given twice");
}

fn shape(probe: &mut Probe, created: &Answer) {
    let item = created.json();
    let keys = [
        "id",
        "name",
        "description",
        "quantity",
        "created_at",
        "updated_at",
    ];
    probe.equal("POST: media type", created.media_type(), "application/json");
    probe.holds(
        has_keys(&item, &keys),
        format!("POST: expected the keys {keys:?}, got {item}"),
    );
    let id = item["id"].as_str().unwrap_or_default();
    probe.holds(
        is_uuid(id),
        format!("POST: expected a UUID as id, got {id:?}"),
    );
    for key in ["created_at", "updated_at"] {
        // An hour off is the local time of somewhere, passed off as UTC.
        let now = time(&item, key).is_some_and(|seconds| (seconds - instant::now()).abs() < 60.0);
        probe.holds(
            now,
            format!(
                "POST: expected {key} to be now, RFC 3339 in UTC, got {}",
                item[key]
            ),
        );
    }
}

fn time(item: &Value, key: &str) -> Option<f64> {
    item[key].as_str().and_then(instant::seconds)
}

/// Wants a name that is taken, and expects that nothing changes.
fn taken(probe: &mut Probe, name: &str, path: &str) {
    let other = json!({"name": probe.name(), "description": "other", "quantity": 1});
    let (other_path, other) = probe.create(&other);
    for name in [name.to_owned(), format!(" {name}\t")] {
        let body = json!({"name": name, "description": "taken", "quantity": 2});
        probe.expect(
            &Request::json("POST", ITEMS, &body).noted("with a name that is taken"),
            409,
        );
        let put = Request::json("PUT", &other_path, &body).noted("with a name that is taken");
        probe.expect(&put, 409);
    }
    let unchanged = probe.expect(&Request::get(&other_path), 200);
    probe.equal(
        "an item whose PUT was refused",
        unchanged.json(),
        other.json(),
    );
    probe.expect(&Request::get(path), 200);
}

/// Replaces an item as a whole.
fn replaced(probe: &mut Probe, path: &str, before: &Value) {
    let same = json!({"name": before["name"], "description": "second", "quantity": 4});
    let whole = json!({"name": probe.name(), "description": "third", "quantity": 5});
    let bare = json!({"name": probe.name()});
    let cases = [
        ("PUT with the same name", same.clone(), same),
        ("PUT with another name", whole.clone(), whole),
        (
            "PUT with nothing but a name",
            bare.clone(),
            json!({"name": bare["name"], "description": null, "quantity": 0}),
        ),
    ];
    let mut latest = time(before, "updated_at");
    for (what, body, stored) in cases {
        let answer = probe.expect(&Request::json("PUT", path, &body), 200).json();
        compare(probe, what, &answer, &stored);
        for key in ["id", "created_at"] {
            probe.equal(&format!("{what}: {key}"), &answer[key], &before[key]);
        }
        let updated = time(&answer, "updated_at");
        probe.holds(
            updated > latest,
            format!("{what}: expected a later updated_at"),
        );
        latest = updated;
        let read = probe.expect(&Request::get(path), 200).json();
        probe.equal(&format!("GET after {what}"), read, answer);
    }
}

/// Lets several want the same name at once: one gets it.
pub fn concurrency(probe: &mut Probe) {
    let name = probe.name();
    let create = Request::json("POST", ITEMS, &json!({"name": name})).noted("8 times at once");
    let statuses = race(probe, &vec![create; CALLERS]);
    probe.equal("8 POSTs of a name at once", statuses, winners(201));

    let bodies: Vec<Value> = (0..CALLERS)
        .map(|_| json!({"name": probe.name()}))
        .collect();
    let paths: Vec<String> = bodies.iter().map(|body| probe.create(body).0).collect();
    let body = json!({"name": probe.name(), "description": null, "quantity": 0});
    let puts = paths
        .iter()
        .map(|path| Request::json("PUT", path, &body).noted("with 7 others"));
    let statuses = race(probe, &puts.collect::<Vec<_>>());
    probe.equal("8 PUTs of a name at once", statuses, winners(200));
}

fn winners(status: u16) -> Vec<u16> {
    [vec![status], vec![409; CALLERS - 1]].concat()
}

/// Asks all at the same time, and gives the statuses in order.
fn race(probe: &mut Probe, requests: &[Request]) -> Vec<u16> {
    let client = &probe.client.clone();
    let gate = &std::sync::Barrier::new(requests.len());
    let results = std::thread::scope(|scope| {
        let callers = requests.iter().map(|request| {
            scope.spawn(move || {
                gate.wait();
                client.send(request)
            })
        });
        let callers: Vec<_> = callers.collect();
        let join = |caller: std::thread::ScopedJoinHandle<'_, _>| caller.join();
        callers.into_iter().map(join).collect::<Vec<_>>()
    });
    let mut statuses = Vec::new();
    for (request, result) in requests.iter().zip(results) {
        let answer = probe.judge(
            request,
            result.unwrap_or_else(|_| Err("a panic".to_owned())),
        );
        probe.own(&answer);
        statuses.push(answer.status);
    }
    statuses.sort_unstable();
    statuses
}
