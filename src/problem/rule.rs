//! The kinds of problems that a template can have.

/// What kind of problem it is. Its name is stable: reports and other programs rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rule {
    /// A manifest that can't be read, or something in it that the format doesn't have.
    #[default]
    Format,
    /// An expression or a file that isn't in the template language.
    Syntax,
    /// A name that nothing defines.
    UnknownName,
    /// A block that no file below has.
    UnknownBlock,
    /// A block that drops what a layer below puts into it.
    LostBlock,
    /// A condition that no answers make true.
    NeverTrue,
    /// A layer that is named and isn't there.
    MissingLayer,
    /// A question that nothing uses.
    UnusedQuestion,
    /// A data table, or a key of one, that nothing uses.
    UnusedData,
    /// A macro that nothing uses.
    UnusedMacro,
    /// A rule for files, or a replaced path, that no file fits.
    NoSuchFile,
    /// A choice that can never be chosen.
    Unreachable,
    /// A bridge without a condition.
    AlwaysOn,
    /// A file that the format has no place for.
    StrayFile,
    /// A tag of another language where this one reads it.
    ForeignTag,
    /// A tag of this language where nothing reads it.
    CopiedTag,
    /// A secret where a commit holds it.
    Exposed,
    /// A path that some systems can't have.
    Path,
    /// A file that can't be rendered.
    Render,
    /// A question that has no usable answer by default.
    Default,
    /// A rendered file that isn't valid in its format.
    Invalid,
    /// A rendered text with blanks or line ends that editors and linters change.
    Whitespace,
    /// A case in the template's tests that can't be tried.
    Case,
    /// A project that differs from what its author accepted.
    Snapshot,
    /// A declared command that didn't work in a project.
    Check,
    /// An earlier version that can't be updated to this one.
    Update,
    /// An answer that an update doesn't keep.
    LostAnswer,
}

impl Rule {
    /// All rules, in the order in which they are looked for.
    pub const ALL: [Rule; 27] = [
        Rule::Format,
        Rule::Syntax,
        Rule::UnknownName,
        Rule::UnknownBlock,
        Rule::LostBlock,
        Rule::NeverTrue,
        Rule::MissingLayer,
        Rule::UnusedQuestion,
        Rule::UnusedData,
        Rule::UnusedMacro,
        Rule::NoSuchFile,
        Rule::Unreachable,
        Rule::AlwaysOn,
        Rule::StrayFile,
        Rule::ForeignTag,
        Rule::CopiedTag,
        Rule::Exposed,
        Rule::Path,
        Rule::Render,
        Rule::Default,
        Rule::Invalid,
        Rule::Whitespace,
        Rule::Case,
        Rule::Snapshot,
        Rule::Check,
        Rule::Update,
        Rule::LostAnswer,
    ];

    /// Gives its name.
    pub fn name(self) -> &'static str {
        self.texts().0
    }

    /// Says what it finds, in a sentence.
    pub fn summary(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Rule::Format => ("format", "A manifest follows the template format."),
            Rule::Syntax => (
                "syntax",
                "Expressions and files are in the template language.",
            ),
            Rule::UnknownName => (
                "unknown-name",
                "Every name is defined by a question or a data file.",
            ),
            Rule::UnknownBlock => (
                "unknown-block",
                "A file overrides only blocks of the files below it.",
            ),
            Rule::LostBlock => (
                "lost-block",
                "No block drops what a layer below puts into it.",
            ),
            Rule::NeverTrue => ("never-true", "Some answers make each condition true."),
            Rule::MissingLayer => ("missing-layer", "A layer that another one names is there."),
            Rule::UnusedQuestion => ("unused-question", "Something uses every question."),
            Rule::UnusedData => (
                "unused-data",
                "Something uses every table and key of the data.",
            ),
            Rule::UnusedMacro => ("unused-macro", "Something uses every macro."),
            Rule::NoSuchFile => (
                "no-such-file",
                "Rules and replaced paths fit files that are there.",
            ),
            Rule::Unreachable => ("unreachable", "Every choice can be chosen."),
            Rule::AlwaysOn => ("always-on", "A bridge says when it is on."),
            Rule::StrayFile => (
                "stray-file",
                "Every file has a place in the template format.",
            ),
            Rule::ForeignTag => (
                "foreign-tag",
                "No tag of another language is taken for one of this.",
            ),
            Rule::CopiedTag => (
                "copied-tag",
                "A file that is copied holds no tags for a question.",
            ),
            Rule::Exposed => ("exposed", "No commit and no snapshot holds a secret."),
            Rule::Path => ("path", "Paths can be on every system."),
            Rule::Render => ("render", "Every combination of choices can be rendered."),
            Rule::Default => ("default", "Every question has an answer that it accepts."),
            Rule::Invalid => ("invalid", "Rendered TOML, YAML and JSON files can be read."),
            Rule::Whitespace => (
                "whitespace",
                "Rendered texts have no blanks at the ends of lines, and end with a line end.",
            ),
            Rule::Case => ("case", "The cases in the template's tests can be tried."),
            Rule::Snapshot => (
                "snapshot",
                "Cases are rendered to what their author accepted.",
            ),
            Rule::Check => (
                "check",
                "The commands that layers declare as checks work in every project.",
            ),
            Rule::Update => ("update", "Projects of earlier versions can be updated."),
            Rule::LostAnswer => ("lost-answer", "An update keeps the answers of a project."),
        }
    }
}
