//! A folder as it was in the versions of the repository that it lies in.

use pyscaffold::template::{Template, versions};

use crate::support::Sandbox;
use crate::support::repositories::{Repository, TEMPLATE};

#[test]
fn a_template_is_read_as_it_was_in_each_version() {
    let sandbox = Sandbox::new();
    let repository = Repository::new(&sandbox, "all");
    repository.write_all("", &[("README.md", "# All\n")]);
    repository.commit();
    repository.git("tag 0.1.0");
    repository.write_all("templates/api/", &TEMPLATE);
    let layer = "name = \"layer\"\nversion = \"1.0.0\"\nsummary = \"x\"\nextends = \"../api\"\n";
    repository.write_all("templates/layer/", &[("template.toml", layer)]);
    repository.commit();
    repository.git("tag --annotate --message One v1.0.0");
    let later = TEMPLATE[0].1.replace("1.0.0", "2.0.0");
    repository.write_all("templates/api/", &[("template.toml", &later)]);
    repository.commit();
    repository.git("tag v2.0.0");
    repository.git("tag other");
    // What isn't committed plays no part.
    repository.write_all("templates/api/", &[("template.toml", "broken")]);

    let found = versions(&repository.path().join("templates/api")).unwrap();
    let names: Vec<String> = found
        .iter()
        .map(|(version, _)| version.to_string())
        .collect();
    assert_eq!(names, ["0.1.0", "1.0.0", "2.0.0"]);
    let mut loaded = found.into_iter().map(|(_, source)| Template::load(source));
    let missing = loaded.next().unwrap().unwrap_err();
    assert!(missing.message.contains("has no such folder"), "{missing}");
    assert_eq!(loaded.next().unwrap().unwrap().version, "1.0.0");
    assert_eq!(loaded.next().unwrap().unwrap().version, "2.0.0");

    let layers = versions(&repository.path().join("templates/layer")).unwrap();
    let (_, source) = layers.into_iter().nth(1).unwrap();
    let layer = Template::load(source).unwrap();
    assert_eq!(layer.version, "1.0.0");
    assert!(layer.question("team").is_some());
}

#[test]
fn outside_of_a_repository_there_are_no_versions() {
    let sandbox = Sandbox::new();
    let folder = sandbox.template(&TEMPLATE);
    assert_eq!(versions(&folder).unwrap(), []);
}
