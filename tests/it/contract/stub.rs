//! Proves that the checks can fail: a service that does nothing right is found out by each.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;

use super::{Environment, Service, deviations};

/// Answers everything with the same words, and never ends.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        // Small requests are read whole, so that their answers aren't lost.
        let _ = stream.read(&mut vec![0; 1 << 16]);
        let _ = stream
            .write_all(b"HTTP/1.1 418 No\r\ncontent-type: text/plain\r\n\r\nzq7-rejected-input");
    }
}

#[test]
fn every_group_of_checks_can_fail() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || serve(&listener));
    let service = Service {
        base,
        has_database: true,
        environment: Environment::Production,
        cors_origin: "https://app.example".to_owned(),
        allowed_host: "service.example".to_owned(),
    };

    let deviations = deviations(&service);

    let failed: BTreeSet<_> = deviations
        .iter()
        .filter_map(|line| line.split(':').next())
        .collect();
    let groups = [
        "concurrency",
        "cors",
        "docs",
        "errors",
        "every answer",
        "health",
        "hosts",
        "invalid bodies",
        "items",
        "list",
        "openapi",
        "request id",
        "valid bodies",
    ];
    assert_eq!(failed, BTreeSet::from(groups), "{}", deviations.join("\n"));
}
