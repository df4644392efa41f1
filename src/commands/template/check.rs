//! `pyscaffold template check`: finds what is wrong or odd about a template.

mod projects;
mod report;
mod snapshots;
mod versions;

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};

use crate::check::{self, Breadth, Finding, Samples, Subject};
use crate::cli::{self, Cli};
use crate::error::{Ending, Result};
use crate::interrupt::Interrupt;
use crate::problem::{Problem, Rule};
use crate::template::{self, Template};
use crate::ui::Ui;

use report::Report;

/// What the command is called.
pub const NAME: &str = "check";

/// Builds the command's part of the command line.
pub fn command(_: &Template) -> Command {
    Command::new(NAME)
        .about("Checks a template: its files, what comes out, its snapshots and its updates")
        .long_about("Checks a template.\n\nLooks for mistakes in its files; renders every pair of choices, with awkward texts too, and reads what comes out; compares what is made of the answers in tests/*.toml with the snapshots beside them; updates projects of every version that is tagged in its repository; and runs the checks that its layers declare in every project.\n\nThe exit code is 1 where there are errors, and 0 where there are only warnings.")
        .arg(
            Arg::new("source")
                .value_name("SOURCE")
                .value_hint(ValueHint::DirPath)
                .conflicts_with("template")
                .help("Template to check: a folder, '.' where none is given"),
        )
        .args(cli::template_flags())
        .mut_arg("template", |flag| flag.help("The same as SOURCE"))
        .arg(cli::switch("all", "Renders every combination of choices, rather than every pair"))
        .arg(cli::switch("accept", "Takes what is made of the cases now as their snapshots"))
        .arg(cli::switch("no-run", "Leaves out the checks that layers declare"))
        .arg(cli::switch("strict", "Counts warnings as errors"))
        .arg(cli::json_flag())
        .arg(
            Arg::new("sarif")
                .long("sarif")
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .value_parser(value_parser!(PathBuf))
                .help("Writes what was found as SARIF 2.1.0 to a file, or with '-' to stdout"),
        )
        .arg(cli::switch("trust", "Lets the template run the commands that it declares"))
}

/// Checks a template.
pub fn run(cli: &Cli) -> Result<Ending> {
    let matches = super::matches(cli, NAME)?;
    let interrupt = Interrupt::install()?;
    let typed = ["source", "template"]
        .into_iter()
        .find_map(|name| matches.get_one::<String>(name));
    let reference = matches.get_one::<String>("ref").map(String::as_str);
    let wanted = cli.wanted(typed.map_or(".", String::as_str), reference)?;
    let opened = cli.library.open(&wanted)?;
    let (wanted, source, files) = (opened.again(&wanted), opened.source, opened.files);
    let examined = template::examine(&cli.library, &wanted, &files)?;
    let mut report = Report::new(&source, &examined.problems);
    match &examined.template {
        Some(template) => {
            report.name(template);
            let combinations = check::combinations(template)?;
            let subject = Subject {
                template,
                files: &files,
                combinations: &combinations,
            };
            let bench = Bench {
                ui: cli.ui,
                subject,
                matches,
                interrupt: &interrupt,
            };
            bench.check(&mut report)?;
        }
        None => report.add(check::look_at_files(&source.to_string(), &files)),
    }
    if matches.get_flag("strict") {
        report.be_strict();
    }
    report.show(cli.ui, cli::path(matches, "sarif").as_deref())
}

/// A template that is being checked.
struct Bench<'a> {
    ui: Ui,
    subject: Subject<'a>,
    matches: &'a ArgMatches,
    interrupt: &'a Interrupt,
}

impl Bench<'_> {
    fn check(&self, report: &mut Report) -> Result<()> {
        report.add(check::look(self.subject));
        let (cases, found) = check::cases(self.subject);
        report.add(found);
        let given: Vec<_> = cases.iter().map(|case| case.given.clone()).collect();
        let (samples, open) = Samples::of(self.subject.template, &given);
        if !open.is_empty() {
            report.add(open.into_iter().map(|question| {
                let message = format!(
                    "no answer for '{}' can be made up: give it a default, or an answer in tests/NAME.toml",
                    question.name
                );
                Finding::from(Problem::error(&question.file, message).of(Rule::Default))
            }));
            return Ok(());
        }
        let breadth = if self.matches.get_flag("all") {
            Breadth::All
        } else {
            Breadth::Pairs
        };
        let spinner = self.ui.spinner("Rendering combinations");
        let swept = check::sweep(self.subject, &samples, breadth, self.interrupt)?;
        drop(spinner);
        report.sweep(&swept, self.subject.combinations.count(), breadth);
        report.add(swept.findings);
        self.snapshots(&cases, report)?;
        self.versions(&cases, report)?;
        // What doesn't come out right needs no trying.
        if !self.matches.get_flag("no-run") && !report.has_errors() {
            self.projects(&samples, report)?;
        }
        Ok(())
    }
}
