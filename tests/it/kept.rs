//! Files that stayed the user's where the template has one, from the outside: nothing is ever
//! merged into them by line, as long as they don't come from the template's.

use std::path::PathBuf;

use crate::support::{Run, Sandbox};

/// What the user wrote before there was a template.
const OWN: &str = "Our shop.\n\nIt sells tea.\n";

const HOOKS: &str = "repos: []\n";

/// A template with a README of many lines, and a question that changes it.
const TEMPLATE: [(&str, &str); 7] = [
    (
        "template.toml",
        "name = \"small\"\nversion = \"1.0.0\"\nsummary = \"For tests\"\n\n[[question]]\nname = \"team\"\nprompt = \"Team\"\ndefault = \"tea\"\n",
    ),
    ("base/layer.toml", ""),
    (
        "base/files/README.md.jinja",
        "# {{ team }}\n\n1\n\n2\n\n3\n\n4\n\n5\n\n6\n\n7\n\n8\n\n9\n\n10\n\n{{ team }} is at the end.\n",
    ),
    (
        "base/files/.pre-commit-config.yaml.jinja",
        "# Hooks of {{ team }}.\nrepos:\n  - repo: local\n",
    ),
    (
        "base/files/settings.toml.jinja",
        "[team]\nname = \"{{ team }}\"\n",
    ),
    (
        "extras/question.toml",
        "type = \"choices\"\nprompt = \"Extras\"\n",
    ),
    ("extras/image/files/Dockerfile", "FROM scratch\nCOPY . .\n"),
];

/// A project that was there before its template.
struct Shop {
    sandbox: Sandbox,
}

impl Shop {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.template(&TEMPLATE);
        sandbox.write("template/extras/image/layer.toml", "title = \"Image\"\n");
        let shop = Shop { sandbox };
        shop.write("README.md", OWN);
        shop.write(".pre-commit-config.yaml", HOOKS);
        shop.write("settings.toml", "[shop]\nopen = true # ours\n");
        shop.git(&["init", "--quiet"]);
        shop.commit();
        shop
    }

    /// One that was adopted, with what lies beside its files put away.
    fn adopted(both: &str) -> Self {
        let shop = Shop::new();
        shop.run(&format!(
            "adopt --yes --template ../../template --both {both}"
        ));
        shop.put_away();
        shop.commit();
        shop
    }

    fn put_away(&self) {
        for path in self.sandbox.files("work/shop") {
            if path.contains(".pyscaffold-new") {
                std::fs::remove_file(self.root().join(path)).unwrap();
            }
        }
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path("work/shop")
    }

    fn run(&self, arguments: &str) -> Run {
        self.sandbox.run_in("work/shop", arguments)
    }

    fn git(&self, arguments: &[&str]) {
        std::fs::create_dir_all(self.root()).unwrap();
        self.sandbox.git_in("work/shop", arguments);
    }

    fn commit(&self) {
        self.sandbox.commit_in("work/shop");
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("work/shop/{path}"))
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("work/shop/{path}"), text);
    }

    /// Tells how a file stands, by `status`.
    fn standing(&self, path: &str) -> String {
        let data = self.run("status --json").ok().json();
        let mut files = data["files"].as_array().unwrap().iter();
        let file = files.find(|file| file["path"] == path);
        file.unwrap()["status"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_change_merges_nothing_into_a_file_that_stayed_the_users() {
    let shop = Shop::adopted("beside");
    assert_eq!(shop.standing("README.md"), "yours");
    shop.run("status").ok().says("yours");
    shop.run("status --check README.md").ok();
    shop.run("change --team coffee --yes").code(3);
    assert_eq!(shop.read("README.md"), OWN);
    assert_eq!(shop.read(".pre-commit-config.yaml"), HOOKS);
    let news = shop.read("README.md.pyscaffold-new");
    assert!(news.starts_with("# coffee\n"), "{news}");
    // What merges by key has a base.
    assert_eq!(
        shop.read("settings.toml"),
        "[shop]\nopen = true # ours\n\n[team]\nname = \"coffee\"\n"
    );
    assert_eq!(shop.standing("README.md"), "yours");
}

#[test]
fn a_change_that_is_no_news_says_nothing_of_it() {
    let shop = Shop::adopted("beside");
    let data = shop.run("change --extras image --yes --json").ok().json();
    let changes = data["changes"].as_array().unwrap();
    let paths: Vec<_> = changes.iter().map(|change| &change["path"]).collect();
    assert_eq!(paths, ["Dockerfile"]);
    shop.commit();
    shop.run("status --check").ok();
}

#[test]
fn a_file_that_was_to_be_kept_is_kept_by_every_later_change() {
    let shop = Shop::adopted("keep");
    shop.run("change --team coffee --yes")
        .ok()
        .says("keep      README.md");
    assert_eq!(shop.read("README.md"), OWN);
    assert!(!shop.root().join("README.md.pyscaffold-new").exists());
    shop.commit();
    shop.run("change --team tea --yes").ok();
    assert_eq!(shop.read("README.md"), OWN);
}

#[test]
fn a_file_that_the_user_gave_up_for_the_templates_is_merged_from_then_on() {
    let shop = Shop::new();
    shop.run("adopt --yes --template ../../template").code(3);
    let news = shop.read("README.md.pyscaffold-new");
    shop.write("README.md", &news);
    shop.put_away();
    shop.commit();
    assert_eq!(shop.standing("README.md"), "pristine");
    shop.run("change --team coffee --yes");
    assert_eq!(shop.read("README.md"), news.replace("tea", "coffee"));
    shop.write(
        "README.md",
        &news.replace("tea", "coffee").replace("\n5\n", "\nfive\n"),
    );
    shop.put_away();
    shop.commit();
    shop.run("change --team tea --yes");
    assert_eq!(shop.read("README.md"), news.replace("\n5\n", "\nfive\n"));
    assert_eq!(shop.standing("README.md"), "edited");
}

#[test]
fn a_file_that_a_change_finds_there_stays_as_it_is() {
    let shop = Shop::adopted("beside");
    shop.write("Dockerfile", "FROM debian\n");
    shop.commit();
    shop.run("add image --yes")
        .code(3)
        .says("both sides have it");
    assert_eq!(shop.read("Dockerfile"), "FROM debian\n");
    assert_eq!(
        shop.read("Dockerfile.pyscaffold-new"),
        "FROM scratch\nCOPY . .\n"
    );
    assert_eq!(shop.standing("Dockerfile"), "yours");
    shop.run("undo").ok();
    assert_eq!(shop.read("Dockerfile"), "FROM debian\n");
    assert!(!shop.read(".pyscaffold/answers.toml").contains("Dockerfile"));
}

#[test]
fn what_stayed_the_users_is_no_difference() {
    let shop = Shop::adopted("beside");
    let edited = shop.run("diff").ok().stdout();
    assert!(
        edited.contains("settings.toml") && !edited.contains("README"),
        "{edited}"
    );
    let named = shop.run("diff README.md").ok().stdout();
    assert!(named.contains("+Our shop."), "{named}");
    let data = shop.run("diff --json").ok().json();
    let files = data["files"].as_array().unwrap().iter();
    let yours = files.filter(|file| file["status"] == "yours");
    let paths: Vec<_> = yours.map(|file| &file["path"]).collect();
    assert_eq!(paths, [".pre-commit-config.yaml", "README.md"]);
}

/// A project that an earlier version adopted remembers nothing of it.
#[test]
fn a_file_that_shares_nothing_with_the_templates_is_found_to_be_the_users() {
    let shop = Shop::adopted("beside");
    let answers = shop.read(".pyscaffold/answers.toml");
    let (before, _) = answers.split_once("[kept]").unwrap();
    let (_, rest) = answers.split_once("[answers]").unwrap();
    let first = format!("{before}[answers]{rest}").replace("format = 2", "format = 1");
    shop.write(".pyscaffold/answers.toml", &first);
    shop.commit();
    shop.run("change --team coffee --yes").code(3);
    assert_eq!(shop.read("README.md"), OWN);
    assert_eq!(shop.standing("README.md"), "yours");
}

#[test]
fn a_nul_far_behind_is_found_everywhere() {
    let shop = Shop::adopted("beside");
    let late = |mark: &str| format!("{mark}\n{}\0\n", "line\n".repeat(3_000));
    shop.sandbox
        .write("template/base/files/data.txt", late("one"));
    shop.run("update --yes --allow-dirty").ok();
    shop.write("data.txt", &late("mine"));
    shop.commit();
    shop.sandbox
        .write("template/base/files/data.txt", late("two"));
    let differ = shop.run("diff data.txt").ok().stdout();
    assert!(differ.contains("Binary files"), "{differ}");
    shop.run("status").ok().says("data.txt");
    shop.run("update --yes").code(3).says("it is no text");
    assert_eq!(shop.read("data.txt"), late("mine"));
    assert_eq!(shop.read("data.txt.pyscaffold-new"), late("two"));
}
