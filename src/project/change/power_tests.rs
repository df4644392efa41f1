//! A change of a project, with the power gone after every operation on the disk.

use super::crash_tests::{is_changed, project, set};
use super::tests::{Files, Project, change, files, last};
use crate::project::disk::faults;
use crate::project::power_tests::{Disk, each_cut};

/// Puts what a power cut left into a project of its own.
fn restart(project: &Project, disk: &Disk) -> Project {
    let restarted = Project::new(&Files::new());
    disk.write(project.root(), restarted.root());
    restarted
}

#[test]
fn a_power_cut_leaves_the_project_before_or_after_the_change() {
    let project = project();
    let before = Disk::of(project.root());
    faults::record();
    project.apply(&set()).unwrap();
    let operations = faults::recorded();
    let (mut looked, mut changed) = (0, 0);
    each_cut(&before, &operations, |done, disk| {
        let restarted = restart(&project, &disk);
        let context = format!("power cut after {done}: {:?}", operations.get(done));
        restarted
            .recover()
            .unwrap_or_else(|error| panic!("{context}: {error:?}"));
        let is_changed = is_changed(&restarted, &context);
        assert!(is_changed || done < operations.len(), "{context}");
        looked += 1;
        changed += u32::from(is_changed);
    });
    assert!(
        changed > 20 && looked - changed > 20,
        "{changed} of {looked}"
    );
}

#[test]
fn a_power_cut_while_something_is_added_damages_nothing() {
    let project = project();
    project.apply(&set()).unwrap();
    let before = Disk::of(project.root());
    let added = change("", &Files::new(), &files(&[("x", "1"), ("y", "2")]));
    faults::record();
    project.amend(added.transitions).unwrap();
    let operations = faults::recorded();
    let steps = set().transitions.len();
    each_cut(&before, &operations, |done, disk| {
        let restarted = restart(&project, &disk);
        let last = last(restarted.root()).unwrap().unwrap();
        let count = last.transitions.len();
        assert!(
            [steps, steps + 2].contains(&count),
            "power cut after {done}"
        );
        assert!(count > steps || done < operations.len());
    });
}
