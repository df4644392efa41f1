use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::*;
use crate::error::{Error, Kind};

fn shell(line: &str, folder: &Path) -> Call {
    let mut call = Call::of("sh", folder).unwrap();
    call.args(["-c", line]);
    call
}

fn run(call: Call) -> Said {
    call.run(&mut |_| {}, &mut || Ok(())).unwrap().unwrap()
}

/// Reads the id that a child wrote down, when it has.
fn written(place: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(place).ok()?;
    let id = text.strip_suffix('\n')?.parse().ok()?;
    Some(Pid::from_raw(id))
}

/// Waits until a process is gone, or dead and not yet fetched by who has to.
fn is_gone(id: Pid) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        let state = std::fs::read_to_string(format!("/proc/{id}/stat"));
        if kill(id, None) == Err(Errno::ESRCH) || state.is_ok_and(|state| state.contains(") Z ")) {
            return true;
        }
        thread::yield_now();
    }
    false
}

#[test]
fn what_it_started_ends_with_it_even_if_it_does_not_listen() {
    for line in [
        "trap '' TERM; sleep 300 & echo $! > inner; echo $$ > outer; wait",
        "(trap '' TERM; sleep 300) & echo $! > inner; echo $$ > outer; exec sleep 300",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let [inner, outer] = ["inner", "outer"].map(|name| folder.path().join(name));
        let mut check = || match (written(&inner), written(&outer)) {
            (Some(_), Some(_)) => Err(Error::interrupted()),
            _ => Ok(()),
        };
        let begin = Instant::now();
        let error = shell(line, folder.path())
            .run(&mut |_| {}, &mut check)
            .unwrap_err();
        assert_eq!(error.kind, Kind::Interrupted);
        assert!(begin.elapsed() < Duration::from_secs(20));
        let outer = written(&outer).unwrap();
        assert_eq!(kill(outer, None), Err(Errno::ESRCH), "it is still there");
        assert!(is_gone(written(&inner).unwrap()));
    }
}

#[test]
fn it_is_asked_before_it_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let has_begun = AtomicBool::new(false);
    let line = "trap 'echo bye > said; exit 0' TERM; echo ready >&2; while :; do sleep 0.1; done";
    let error = shell(line, folder.path()).run(
        &mut |_| has_begun.store(true, Ordering::SeqCst),
        &mut || {
            if has_begun.load(Ordering::SeqCst) {
                return Err(Error::interrupted());
            }
            Ok(())
        },
    );
    assert_eq!(error.unwrap_err().kind, Kind::Interrupted);
    assert!(folder.path().join("said").is_file());
}

#[test]
fn it_reads_what_it_is_given_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut call = shell("cat; cat >&2", folder.path());
    call.input(b"given".to_vec());
    let said = run(call);
    assert_eq!(
        (said.stdout.as_slice(), said.told.as_slice()),
        (&b"given"[..], &b""[..])
    );
    assert!(run(shell("cat", folder.path())).stdout.is_empty());
}

#[test]
fn what_it_says_is_bounded_and_heard_by_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut call = shell("seq 1 100000; printf 'end' >&2", folder.path());
    call.together(1000);
    let said = run(call);
    assert!(said.told.len() == 1000 && said.told.ends_with(b"100000\nend"));

    let line = "printf 'one\\rtwo\\n\\nthree' >&2; head -c 70000000 /dev/zero";
    let mut lines = Vec::new();
    let said = shell(line, folder.path())
        .run(&mut |line| lines.push(line.to_owned()), &mut || Ok(()))
        .unwrap()
        .unwrap();
    assert_eq!(lines, ["one", "two", "three"]);
    assert_eq!(said.stdout.len(), MOST);
}

#[test]
fn it_sees_neither_the_folder_as_path_nor_another_repository() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(shell("echo \"$PATH\"; env", folder.path()));
    let said = String::from_utf8(said.stdout).unwrap();
    let path = said.lines().next().unwrap();
    assert!(!path.is_empty() && path.split(':').all(|folder| folder.starts_with('/')));
    assert!(!said.contains("GIT_DIR="));
}

#[test]
fn what_can_not_be_run_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Call::at(&folder.path().join("nothing"), folder.path());
    let error = missing.run(&mut |_| {}, &mut || Ok(())).unwrap();
    assert_eq!(error.unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(Call::of("no-such-program-of-ours", folder.path()).is_none());
}
