use super::*;

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const C: &str = "cccccccccccccccccccccccccccccccccccccccc";

fn listing(lines: &[(&str, &str)]) -> Listing {
    let lines = lines.iter().map(|(id, name)| format!("{id}\t{name}\n"));
    Listing::parse(&lines.collect::<String>(), "templates/api")
}

fn select(listing: &Listing, at: &At) -> Result<Selected> {
    let address = Address::parse("gh:acme/api").unwrap();
    listing.select(&address, at, |_| true)
}

fn id(text: &str) -> Oid {
    Oid::parse(text).unwrap()
}

fn named(text: &str) -> At {
    At::Named(Named::parse(text).unwrap())
}

#[test]
fn the_newest_version_is_taken_and_what_is_no_version_is_not() {
    let versions = listing(&[
        (A, "HEAD"),
        (A, "refs/heads/main"),
        (A, "refs/tags/v1.9.0"),
        (B, "refs/tags/v1.10.0"),
        (A, "refs/tags/v2.0.0-rc.1"),
        (A, "refs/tags/nightly-3.0.0"),
        ("garbage", "refs/tags/v9.0.0"),
    ]);
    let newest = select(&versions, &At::Newest).unwrap();
    assert_eq!(newest.commit, id(B));
    assert_eq!(newest.version, Some(Version::new(1, 10, 0)));
    let range = At::Within(VersionReq::parse("<1.10").unwrap());
    assert_eq!(select(&versions, &range).unwrap().commit, id(A));
    let range = At::Within(VersionReq::parse(">=3").unwrap());
    let error = select(&versions, &range).unwrap_err();
    assert_eq!(
        error.message,
        "no version of template 'gh:acme/api' is >=3; its versions are 2.0.0-rc.1, 1.10.0, 1.9.0"
    );
}

#[test]
fn a_pre_release_is_better_than_nothing_and_so_is_the_default_branch() {
    let early = listing(&[(A, "HEAD"), (B, "refs/tags/1.0.0-rc.1")]);
    assert_eq!(select(&early, &At::Newest).unwrap().commit, id(B));
    let none = listing(&[(A, "HEAD"), (B, "refs/tags/wip")]);
    assert_eq!(select(&none, &At::Newest).unwrap().commit, id(A));
    let error = select(&Listing::default(), &At::Newest).unwrap_err();
    assert!(error.message.ends_with("is empty"), "{error}");
    let error = select(&listing(&[(A, "refs/heads/x")]), &At::Newest).unwrap_err();
    assert!(error.message.contains("no default branch"), "{error}");
}

#[test]
fn tags_are_peeled_and_win_over_branches() {
    let both = listing(&[
        (A, "refs/heads/same"),
        (B, "refs/tags/same"),
        (C, "refs/tags/same^{}"),
        (A, "refs/heads/main"),
        (B, "refs/tags/v1.0.0"),
    ]);
    let tag = select(&both, &named("same")).unwrap();
    assert_eq!((tag.commit, tag.branch), (id(C), None));
    let branch = select(&both, &named("refs/heads/same")).unwrap();
    assert_eq!(branch.branch.as_deref(), Some("same"));
    let branch = select(&both, &named("main")).unwrap();
    assert_eq!(
        (branch.commit, branch.branch.as_deref()),
        (id(A), Some("main"))
    );
    assert_eq!(select(&both, &named("1.0.0")).unwrap().commit, id(B));
    assert_eq!(select(&both, &named("aaaa")).unwrap().commit, id(A));
    let error = select(&both, &named("mian")).unwrap_err();
    assert_eq!(error.hints, ["did you mean 'main'?"]);
    let gone = At::Branch(Named::parse("gone").unwrap());
    assert_eq!(select(&both, &gone).unwrap().commit, id(B));
}

#[test]
fn several_templates_in_one_repository_have_their_own_versions() {
    let tags = listing(&[
        (A, "refs/tags/v3.0.0"),
        (B, "refs/tags/api-v1.2.0"),
        (C, "refs/tags/web-v2.0.0"),
    ]);
    let newest = select(&tags, &At::Newest).unwrap();
    assert_eq!(newest.commit, id(B));
    assert_eq!(newest.version, Some(Version::new(1, 2, 0)));
    for name in ["1.2.0", "api-v1.2.0"] {
        let selected = select(&tags, &named(name)).unwrap();
        assert_eq!(
            (selected.commit, selected.version),
            (id(B), Some(Version::new(1, 2, 0)))
        );
    }
    let range = At::Within(VersionReq::parse(">=3").unwrap());
    let error = select(&tags, &range).unwrap_err();
    assert!(
        error.message.ends_with("its versions are 1.2.0"),
        "{}",
        error.message
    );
}
