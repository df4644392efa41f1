//! `pyscaffold new`: where it writes, what it refuses, and what it says.

use crate::support::Sandbox;

#[test]
fn a_project_is_made_committed_and_explained() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("new demo --yes --no-lock");
    run.ok()
        .says("Made demo")
        .says("Committed to main")
        .says("cd demo")
        .says("pyscaffold new demo --yes");
    assert_eq!(run.stdout(), "");
    let git = |arguments: &[&str]| {
        let output = sandbox
            .command("git")
            .arg("-C")
            .arg(sandbox.path("work/demo"))
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(
        git(&["log", "--format=%an <%ae>"]),
        "Ada Example <ada@example.org>\n"
    );
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert_eq!(git(&["ls-files", ".env"]), "");
    assert_eq!(git(&["fsck", "--strict"]), "");
    assert!(git(&["ls-files"]).contains(".pyscaffold/answers.toml"));
    assert!(sandbox.path("work/demo/.env").exists());
}

#[test]
fn the_command_that_is_shown_repeats_the_project() {
    let sandbox = Sandbox::new();
    let made = sandbox
        .run("new demo --yes --no-lock --no-git --orm tortoise --coverage 75 --json")
        .ok()
        .json();
    let command = made["command"]
        .as_str()
        .unwrap()
        .replace("new demo", "new again");
    let shell = format!(
        "{} --no-lock --no-git",
        command.replacen("pyscaffold", env!("CARGO_BIN_EXE_pyscaffold"), 1)
    );
    assert!(
        sandbox
            .command("sh")
            .args(["-c", &shell])
            .status()
            .unwrap()
            .success()
    );
    let differences = sandbox
        .command("diff")
        .args(["-r", "-x", ".env", "demo", "again"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&differences.stdout), "");
}

#[test]
fn a_dry_run_shows_the_tree_and_writes_nothing() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("new demo --yes --dry-run");
    let tree = run.ok().says("Nothing was written").stdout();
    for part in ["demo/\n", "├── src/", "app.py", "KiB", "└── "] {
        assert!(tree.contains(part), "'{part}' is missing in:\n{tree}");
    }
    assert_eq!(sandbox.files("work"), Vec::<String>::new());
    let data = sandbox.run("new demo --yes --dry-run --json").ok().json();
    assert_eq!(data["dry_run"], true);
    assert!(data["files"].as_array().unwrap().len() > 40);
}

#[test]
fn a_folder_with_anything_in_it_is_refused_and_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("work/demo/notes.txt", "mine");
    sandbox
        .run("new demo --yes --no-lock")
        .code(2)
        .says("notes.txt");
    assert_eq!(sandbox.files("work"), ["demo/notes.txt"]);
    sandbox.write("work/file", "mine");
    sandbox.run("new file --yes --no-lock").code(2).says("file");
}

#[test]
fn an_empty_folder_and_the_current_one_are_filled() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("work/empty")).unwrap();
    sandbox.run("new empty --yes --no-lock").ok();
    assert!(sandbox.path("work/empty/pyproject.toml").exists());

    let sandbox = Sandbox::new();
    sandbox.run("new . --yes --no-lock").ok();
    assert!(
        sandbox
            .read("work/pyproject.toml")
            .contains("name = \"work\"")
    );
    assert!(
        !sandbox
            .files("work")
            .iter()
            .any(|file| file.contains(".pyscaffold-"))
    );
}

#[test]
fn a_project_inside_a_repository_gets_none_of_its_own() {
    let sandbox = Sandbox::new();
    assert!(
        sandbox
            .command("git")
            .args(["init", "-q", "."])
            .status()
            .unwrap()
            .success()
    );
    sandbox
        .run("new services/demo --yes --no-lock")
        .ok()
        .says("is a repository already");
    assert!(!sandbox.path("work/services/demo/.git").exists());
}

#[test]
fn without_an_identity_nothing_is_committed_and_the_way_is_shown() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "home/.gitconfig",
        "[init]\ndefaultBranch = trunk\n[user]\nuseConfigOnly = true\n",
    );
    sandbox
        .run("new demo --yes --no-lock")
        .ok()
        .says("git config --global user.name");
    let head = sandbox.read("work/demo/.git/HEAD");
    assert_eq!(head, "ref: refs/heads/trunk\n");
    sandbox.run("new other --yes --no-lock --no-git").ok();
    assert!(!sandbox.path("work/other/.git").exists());
}

#[test]
fn answers_come_from_flags_then_files_then_the_environment_then_the_configuration() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "home/.config/pyscaffold/config.toml",
        "license = \"apache-2.0\"\ntype_checker = \"ty\"\norm = \"none\"\ncoverage = 1\n",
    );
    sandbox.write(
        "work/answers.json",
        "{\"answers\": {\"orm\": \"tortoise\", \"coverage\": 3}}",
    );
    let run = sandbox.run_with(
        &[
            "new",
            "demo",
            "--yes",
            "--no-lock",
            "--no-git",
            "--json",
            "--answers",
            "answers.json",
            "--set",
            "coverage=4",
        ],
        &[
            ("PYSCAFFOLD_TYPE_CHECKER", "pyright"),
            ("PYSCAFFOLD_ORM", "sqlmodel"),
            ("PYSCAFFOLD_COVERAGE", "2"),
        ],
    );
    let answers = run.ok().json()["answers"].clone();
    assert_eq!(
        (&answers["license"], &answers["type_checker"]),
        (&"apache-2.0".into(), &"pyright".into())
    );
    assert_eq!(
        (&answers["orm"], &answers["coverage"]),
        (&"tortoise".into(), &4.into())
    );
}

#[test]
fn wrong_requests_are_refused_with_what_was_meant() {
    let sandbox = Sandbox::new();
    sandbox.write("work/bad.toml", "framwork = \"fastapi\"\n");
    sandbox.write("work/broken.toml", "a = \n");
    for (arguments, said) in [
        ("--framwork fastapi", "--framework"),
        ("--orm sqlalchmy", "did you mean 'sqlalchemy'?"),
        (
            "--orm none --database sqlite",
            "'database' is only asked when",
        ),
        ("--coverage 101", "101 is not between 0 and 100"),
        ("--coverage many", "'many' is not a whole number"),
        ("--set framwork=fastapi", "did you mean 'framework'?"),
        ("--set framework", "has no '='"),
        ("--answers bad.toml", "did you mean 'framework'?"),
        ("--answers broken.toml", "broken.toml"),
        ("--answers missing.toml", "missing.toml"),
        ("--coverage 101 --orm sqlalchmy", "2 answers can't be used"),
        ("--name Bad_Name!", "--name"),
        ("--package class", "keyword"),
        ("--package test", "standard library"),
        ("--package fastapi", "fastapi"),
        ("--package 1st", "--package"),
    ] {
        sandbox
            .run(&format!("new demo --yes --no-lock {arguments}"))
            .code(2)
            .says(said);
        assert!(!sandbox.path("work/demo").exists(), "{arguments}");
    }
    sandbox.run("new --yes").code(2).says("PATH");
}

#[test]
fn without_a_terminal_nothing_waits_and_every_missing_flag_is_listed() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("new demo --no-lock --license mit");
    run.code(2)
        .says("--orm")
        .says("--type-checker")
        .says("--yes");
    assert!(!run.stderr().contains("--license"), "{}", run.stderr());
    assert_eq!(sandbox.files("work"), Vec::<String>::new());
}

#[test]
fn errors_come_as_data_too() {
    let sandbox = Sandbox::new();
    for arguments in [
        "new demo --yes --json --orm nothing",
        "new demo --yes --json --framwork fastapi",
    ] {
        let error = sandbox.run(arguments).code(2).json()["error"].clone();
        assert_eq!(error["exit_code"], 2);
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_missing_tool_is_a_warning_with_the_command_for_later() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&["new", "demo", "--yes"], &[("PATH", "/nowhere")]);
    run.ok().says("uv is not installed").says("uv lock");
    assert!(!sandbox.path("work/demo/uv.lock").exists());
}

#[test]
fn the_lock_is_in_the_first_commit() {
    let sandbox = Sandbox::new();
    // An environment that it makes on the way would hold the path of a folder that is gone.
    let tool = sandbox.write(
        "bin/uv",
        "#!/bin/sh\necho \"$@\" > uv.lock\nmkdir -p .venv/bin\n",
    );
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        sandbox.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    sandbox
        .run_with(&["new", "demo", "--yes"], &[("PATH", &path)])
        .ok();
    assert_eq!(sandbox.read("work/demo/uv.lock"), "lock\n");
    assert!(!sandbox.path("work/demo/.venv").exists());
    let listed = sandbox
        .command("git")
        .args(["-C", "demo", "ls-files", "uv.lock"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout), "uv.lock\n");
    assert!(
        sandbox
            .read("work/demo/.pyscaffold/answers.toml")
            .contains("made = [\"uv.lock\"]")
    );
}

#[test]
fn help_names_every_question_and_its_hints() {
    let sandbox = Sandbox::new();
    let help = sandbox.run("new --help").ok().stdout();
    for part in [
        "--type-checker",
        "typed contracts",
        "--answers",
        "--dry-run",
        "--no-lock",
        "--install",
    ] {
        assert!(help.contains(part), "'{part}' is missing in:\n{help}");
    }
    assert!(
        sandbox
            .run("--version")
            .ok()
            .stdout()
            .starts_with("pyscaffold 0.")
    );
    sandbox.run("").code(2);
}

#[test]
fn a_kill_at_any_moment_leaves_no_half_project() {
    use std::time::Duration;
    let sandbox = Sandbox::new();
    let mut outcomes = std::collections::BTreeSet::new();
    for step in 0..24 {
        let mut child = sandbox
            .command(env!("CARGO_BIN_EXE_pyscaffold"))
            .args(["new", "demo", "--yes", "--no-lock", "-q"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(step * 4));
        child.kill().unwrap();
        child.wait().unwrap();
        let demo = sandbox.path("work/demo");
        outcomes.insert(demo.exists());
        if demo.exists() {
            let git = sandbox
                .command("git")
                .args(["-C", "demo", "status", "--porcelain"])
                .output()
                .unwrap();
            assert!(git.status.success() && git.stdout.is_empty(), "{git:?}");
            assert!(demo.join(".pyscaffold/answers.toml").exists() && demo.join(".env").exists());
            std::fs::remove_dir_all(demo).unwrap();
        }
    }
    sandbox.run("new demo --yes --no-lock").ok();
    let left = std::fs::read_dir(sandbox.path("work")).unwrap().count();
    assert_eq!(
        left, 1,
        "the next run sweeps what the killed ones left; ended with {outcomes:?}"
    );
}

#[test]
fn an_interrupt_while_locking_takes_everything_back() {
    let sandbox = Sandbox::new();
    let tool = sandbox.write(
        "bin/uv",
        "#!/bin/sh\ntouch ../../../started\nexec sleep 60\n",
    );
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        sandbox.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let child = sandbox
        .command(env!("CARGO_BIN_EXE_pyscaffold"))
        .args(["new", "demo", "--yes"])
        .env("PATH", path)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let begun = std::time::Instant::now();
    while !sandbox.path("started").exists() {
        assert!(begun.elapsed().as_secs() < 30, "the lock step didn't begin");
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted; nothing was changed"));
    assert_eq!(sandbox.files("work"), Vec::<String>::new());
}

#[test]
fn the_state_tells_how_the_project_was_made() {
    let sandbox = Sandbox::new();
    let manifest = "name = \"small\"\nversion = \"1.2.0\"\n\n[[question]]\nname = \"name\"\ndefault = \"x\"\n\n\
        [[question]]\nname = \"token\"\nsecret = true\ndefault = \"t0p\"\n";
    sandbox.template(&[
        ("template.toml", manifest),
        ("base/files/a.jinja", "{{ name }}{% if token %}{% endif %}"),
    ]);
    let run = sandbox.run("new inner/p --template ../template --yes --no-git --json");
    let command = run.ok().json()["command"].as_str().unwrap().to_owned();
    assert!(
        !command.contains("t0p") && !run.stdout().contains("t0p"),
        "{}",
        run.stdout()
    );
    assert_eq!(
        sandbox.read("work/inner/p/.pyscaffold/answers.toml"),
        "# What this project was made from. pyscaffold reads it to change or update the project.\n\n\
         format = 1\n\n[template]\nsource = \"../../../template\"\nname = \"small\"\nversion = \"1.2.0\"\n\n\
         [answers]\nname = \"x\"\n"
    );
}

#[test]
fn what_follows_from_a_refused_answer_is_not_complained_about() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("new demo --yes --name Bad_Name!");
    run.code(2).says("--name: 'Bad_Name!'");
    assert!(!run.stderr().contains("--package"), "{}", run.stderr());
}

#[test]
fn a_project_is_not_made_where_it_would_be_a_member_of_a_workspace() {
    let sandbox = Sandbox::new();
    let settings =
        "[tool.uv.workspace]\nmembers = [\"services/*\"]\nexclude = [\"services/free\"]\n";
    sandbox.write("work/pyproject.toml", settings);
    sandbox
        .run("new services/api --yes --framework fastapi --no-git --no-lock")
        .code(2)
        .says("'services/api' would be a member of the workspace in")
        .says("list 'services/api' under tool.uv.workspace.exclude there");
    assert_eq!(sandbox.files("work"), ["pyproject.toml"]);
    for fine in [
        "services/free",
        "elsewhere",
        "services/api --package-manager pdm",
    ] {
        let command = format!("new {fine} --yes --framework fastapi --no-git --no-lock");
        sandbox.run(&command).ok();
    }
}
