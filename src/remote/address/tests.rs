use super::*;
use crate::error::Kind;

fn parse(text: &str) -> Address {
    Address::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_form_is_understood() {
    for (text, url) in [
        ("https://example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("ssh://git@example.org/a", "ssh://git@example.org/a"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("file:///tmp/a%20b", "file:///tmp/a%20b"),
        ("gh:acme/api", "https://github.com/acme/api.git"),
        ("gh:acme/api.git", "https://github.com/acme/api.git"),
        ("gl:acme/team/api", "https://gitlab.com/acme/team/api.git"),
        ("bb:acme/api", "https://bitbucket.org/acme/api.git"),
    ] {
        assert!(Address::is_meant(text), "{text}");
        let address = parse(&format!("{text}#a/b/"));
        assert_eq!(address.plain_url(), url);
        assert!(address.credentials().is_none());
        assert_eq!(address.folder(), "a/b");
        assert_eq!(address.to_string(), format!("{text}#a/b"));
        assert_eq!(parse(text).to_string(), text);
    }
    for text in ["acme", "./a@b", "a/b@c:d", "C:\\acme", "builtin", "-x"] {
        assert!(!Address::is_meant(text), "{text}");
    }
}

#[test]
fn what_git_could_take_for_something_else_is_refused() {
    for (text, reason) in [
        ("ext::sh -c touch% x", "contains a space"),
        (
            "ext::sh",
            "names the helper 'ext', which could run anything",
        ),
        ("fd::17", "names the helper 'fd'"),
        ("--upload-pack=touch@x:y", "begins with '-'"),
        ("-u@example.org:x", "begins with '-'"),
        ("--upload-pack=x://y", "begins with '-'"),
        ("ssh://-oProxyCommand=touch/x", "names no server"),
        ("ssh://-l@example.org/x", "has a user that begins with '-'"),
        ("ssh://git@-oProxyCommand=x/y", "names no server"),
        ("git@-oProxyCommand=x:y", "names no server"),
        ("git@example.org:-x", "has a path that begins with '-'"),
        ("ssh://git:word@example.org/x", "has a password"),
        ("https://example.org", "names no repository"),
        ("https:///x", "names no server"),
        ("https://example.org/x?token=1", "has a '?'"),
        ("https://example.org/a b", "contains a space"),
        ("https://example.org/a\nb", "contains the character '\\n'"),
        ("https://example.org/\u{1b}[2J", "contains the character"),
        ("file://example.org/x", "names no path"),
        ("file://", "names no path"),
        ("http://example.org/x", "begins with 'http'"),
        ("git://example.org/x", "begins with 'git'"),
        ("gh:acme", "is not a repository on github.com"),
        ("gh:acme/a/b", "is not a repository on github.com"),
        ("gh:-acme/a", "is not a repository on github.com"),
        ("gh:../a", "is not a repository on github.com"),
        ("gh:acme/api#../x", "contains '..'"),
        ("gh:acme/api#/x", "has an empty part"),
        ("gh:acme/api#", "has an empty part"),
        ("gh:acme/api#.git", "leads into git's own folder"),
    ] {
        let error = Address::parse(text).expect_err(text);
        assert!(error.message.contains(reason), "{text}: {error}");
        assert_eq!(error.kind, Kind::Request, "{text}");
    }
    let error = Address::parse("http://example.org/x").unwrap_err();
    assert_eq!(error.hints, ["write https://example.org/x"]);
}

#[test]
fn credentials_go_to_git_alone() {
    let address = parse("https://ada:s%2Fcret@example.org/a#b");
    let Credentials {
        server,
        user,
        password,
    } = address.credentials().unwrap();
    assert_eq!(
        [server, user, password],
        ["https://example.org", "ada", "s/cret"]
    );
    assert_eq!(address.to_string(), "https://example.org/a#b");
    assert_eq!(address.plain_url(), "https://example.org/a");
    assert_eq!(format!("{address:?}"), "Address(https://example.org/a#b)");
    let said = "unable to access 'https://ada:s%2Fcret@example.org/a/': s/cret, s%2Fcret";
    assert_eq!(
        address.without_credentials(said),
        "unable to access 'https://example.org/a/': ***, ***"
    );
    let token = parse("https://t0ken@example.org:8443/a");
    let Credentials {
        server,
        user,
        password,
    } = token.credentials().unwrap();
    assert_eq!(
        [server, user, password],
        ["https://example.org:8443", "t0ken", ""]
    );
    let error = Address::parse("https://ada:a%0Ab@example.org/a").unwrap_err();
    assert!(error.message.contains("control character"), "{error}");
    let token = parse("https://t0ken@example.org/a");
    assert_eq!(token.to_string(), "https://example.org/a");
    assert_eq!(token.without_credentials("bad t0ken"), "bad ***");
    let error = Address::parse("https://ada:word@example.org/a?b").unwrap_err();
    assert!(!format!("{error:?}").contains("word"), "{error:?}");
    let error = Address::parse("http://ada:word@example.org/a").unwrap_err();
    assert!(!format!("{error:?}").contains("word"), "{error:?}");
}
