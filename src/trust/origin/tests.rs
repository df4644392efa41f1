use std::path::Path;

use super::*;

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"))
}

#[test]
fn one_source_has_one_name() {
    let same = [
        ("gh:acme/api", "https://github.com/acme/api"),
        ("gl:acme/group/api", "https://gitlab.com/acme/group/api"),
        ("bb:acme/api", "https://bitbucket.org/acme/api"),
        ("gh:acme", "https://github.com/acme"),
        (
            "gh:acme/api#web/small",
            "https://github.com/acme/api#web/small",
        ),
        (
            "https://github.com/acme/api.git",
            "https://github.com/acme/api",
        ),
        (
            "https://github.com/acme/api/",
            "https://github.com/acme/api",
        ),
        (
            "https://github.com/acme/api.git/",
            "https://github.com/acme/api",
        ),
        ("HTTPS://GitHub.COM/acme/api", "https://github.com/acme/api"),
        (
            "https://github.com:443/acme/api",
            "https://github.com/acme/api",
        ),
        (
            "https://ada:secret@github.com/acme/api",
            "https://github.com/acme/api",
        ),
        (
            "https://token@github.com/acme/api#/web/",
            "https://github.com/acme/api#web",
        ),
        (
            "https://git.example:8443/api",
            "https://git.example:8443/api",
        ),
        (
            "ssh://git:secret@Git.Example:22/acme/api.git",
            "ssh://git@git.example/acme/api",
        ),
        ("git@github.com:acme/api.git", "git@github.com:acme/api"),
        (
            "git@git.example:/srv/api.git",
            "ssh://git@git.example/srv/api",
        ),
        ("file:///srv/git/api.git", "file:///srv/git/api"),
        ("https://git.example", "https://git.example/"),
    ];
    for (typed, name) in same {
        assert_eq!(origin(typed).to_string(), name, "{typed}");
        assert_eq!(origin(name), origin(typed), "{name} is not its own name");
    }
}

#[test]
fn what_lies_in_a_trusted_source_is_covered() {
    let pairs = [
        ("gh:acme/api", "https://ada@github.com/acme/api.git"),
        ("gh:acme", "gh:acme/api"),
        ("https://github.com/acme/", "gh:acme/api#web"),
        ("gh:acme/api", "gh:acme/api#web"),
        ("gh:acme/api#web", "gh:acme/api#web/small"),
        ("https://git.example/", "https://git.example/any/thing"),
        ("git@github.com:acme", "git@github.com:acme/api"),
        ("/home/ada/templates", "/home/ada/templates/api"),
        ("/home/ada/templates/", "/home/ada/templates"),
        ("file:///srv/git", "file:///srv/git/api"),
    ];
    for (trusted, other) in pairs {
        assert!(origin(trusted).covers(&origin(other)), "{trusted} {other}");
    }
}

#[test]
fn what_only_looks_like_a_trusted_source_is_not_covered() {
    let pairs = [
        ("https://github.com/acme", "https://github.com/acme-evil"),
        (
            "https://github.com/acme",
            "https://github.com/acme-evil/api",
        ),
        (
            "https://github.com/acme",
            "https://github.com/acme.evil/api",
        ),
        (
            "https://github.com/acme",
            "https://github.com/acme@evil/api",
        ),
        ("https://github.com/acme", "https://github.com/ACME/api"),
        (
            "https://github.com/acme/api",
            "https://github.com/acme/api2",
        ),
        ("https://github.com/acme/api", "https://github.com/acme/ap"),
        ("https://github.com/acme/api", "https://github.com/acme"),
        (
            "https://github.com/acme/api#web",
            "https://github.com/acme/api",
        ),
        (
            "https://github.com/acme/api#web",
            "https://github.com/acme/api#web2",
        ),
        (
            "https://github.com/acme/api#web",
            "https://github.com/acme/api/web",
        ),
        (
            "https://github.com/acme",
            "https://github.com.evil.example/acme/api",
        ),
        (
            "https://github.com/acme",
            "https://evil.example/github.com/acme/api",
        ),
        (
            "https://github.com/acme",
            "https://github.com@evil.example/acme/api",
        ),
        (
            "https://github.com/acme",
            "https://github.com:acme@evil.example/acme/api",
        ),
        (
            "https://github.com/acme",
            "https://evil.example#@github.com/acme/api",
        ),
        (
            "https://github.com/acme",
            "https://github.com:8443/acme/api",
        ),
        ("https://github.com/acme", "https://github.com./acme/api"),
        ("https://github.com/acme", "ssh://git@github.com/acme/api"),
        ("git@git.example:acme", "git@git.example:acme-evil/api"),
        ("git@git.example:acme", "eve@git.example:acme/api"),
        ("git@git.example:acme", "git@git.example:/acme/api"),
        ("git@git.example:acme", "git@git.example.evil:acme/api"),
        ("/home/ada/templates", "/home/ada/templates-evil"),
        ("/home/ada/templates", "/home/ada"),
        ("/srv/git/api", "file:///srv/git/api"),
        ("file:///srv/git/api", "/srv/git/api"),
    ];
    for (trusted, other) in pairs {
        // A trick that has no name at all can't be covered either.
        if let Ok(other) = Origin::parse(other) {
            assert!(!origin(trusted).covers(&other), "{trusted} {other}");
        }
    }
}

#[test]
fn what_can_be_read_in_two_ways_has_no_name() {
    let tricks = [
        ("https://github.com/acme/../evil/api", "its path holds '..'"),
        ("https://github.com/acme/./api", "its path holds '.'"),
        (
            "https://github.com/acme//api",
            "its path holds an empty name",
        ),
        (
            "https://github.com/acme/%2e%2E/evil",
            "its path holds '%2e%2E'",
        ),
        (
            "https://github.com/acme%2f..%2fevil/api",
            "its path holds 'acme%2f..%2fevil'",
        ),
        (
            "https://github.com/acme/%252e%252e/evil",
            "its path holds '%252e%252e'",
        ),
        (
            "https://github.com/acme\\..\\evil/api",
            "its path holds 'acme\\..\\evil'",
        ),
        (
            "https://github.com\\@evil.example/acme",
            "'github.com\\' is not the name of a user",
        ),
        (
            "https://ada@github.com@evil.example/acme",
            "'github.com@evil.example' is not the name of a host",
        ),
        (
            "https://github.com/acme/api?x=/evil",
            "its path holds 'api?x='",
        ),
        ("https://github.com/acme/a pi", "its path holds 'a pi'"),
        ("https://github.com/acme/api#../evil", "its path holds '..'"),
        (
            "https://gіthub.com/acme/api",
            "'gіthub.com' is not the name of a host",
        ),
    ];
    refused_with(&tricks);
}

#[test]
fn what_is_no_one_s_own_has_no_name() {
    let tricks = [
        ("https:///acme/api", "'' is not the name of a host"),
        (
            "https://-oProxyCommand=x/acme",
            "'-oProxyCommand=x' is not the name of a host",
        ),
        (
            "https://github.com/\u{202e}ipa",
            "it holds the character \\u{202e}",
        ),
        (
            "https://github.com/acme\u{200b}/api",
            "it holds the character \\u{200b}",
        ),
        (
            "https://github.com/acme\n/api",
            "it holds the character \\u{a}",
        ),
        (
            "http://git.example/acme/api",
            "'http' is neither https, ssh nor file",
        ),
        (
            "git://git.example/acme/api",
            "'git' is neither https, ssh nor file",
        ),
        ("ext::sh", "it is neither a URL nor an absolute path"),
        (
            "https://github.com",
            "it names no repository, and no owner of repositories",
        ),
        (
            "https://github.com/#web",
            "it names no repository, and no owner of repositories",
        ),
        (
            "gh:",
            "it names no repository, and no owner of repositories",
        ),
        (
            "ssh://git@github.com/",
            "it names no repository, and no owner of repositories",
        ),
        (
            "git@github.com:",
            "it names no repository, and no owner of repositories",
        ),
        (
            "file:///",
            "it names no repository, and no owner of repositories",
        ),
        (
            "file://evil.example/srv/api",
            "a file:// address can't name a host",
        ),
        ("../templates", "it is neither a URL nor an absolute path"),
        ("builtin", "it is neither a URL nor an absolute path"),
        ("", "it is neither a URL nor an absolute path"),
        ("/", "it is the whole disk"),
        ("/home/ada/../eve", "its path holds '..'"),
    ];
    refused_with(&tricks);
}

/// Checks that sources have no name, and that the reason is said.
fn refused_with(tricks: &[(&str, &str)]) {
    for (trick, reason) in tricks {
        let said = Origin::parse(trick).unwrap_err();
        assert!(said.contains(reason), "{trick}: {said}");
    }
}

#[test]
fn a_folder_ends_with_a_separator() {
    let folder = Origin::folder(Path::new("/home/ada/templates")).unwrap();
    assert_eq!(folder.to_string(), "/home/ada/templates/");
    assert_eq!(origin(&folder.to_string()), folder);
    assert!(Origin::folder(Path::new("templates")).is_err());
    // What is written into the list can be read from it.
    assert!(Origin::folder(Path::new("/home/ada/\u{202e}x")).is_err());
    let odd = Origin::folder(Path::new("/home/ada/a b#c%2e@d")).unwrap();
    assert_eq!(origin(&odd.to_string()), odd);
}
