//! Which file became which, on both sides: exactly, then by similarity.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Sides;
use crate::tree::{Node, ProjectPath};

/// How much of the larger file two files must share to be one that was renamed, as a fraction.
const LEAST: f64 = 0.5;

/// More pairs than this aren't compared, but for those with the same name.
const MOST_PAIRS: usize = 40_000;

/// Files and folders that have another place now.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Where the template has files of the base now.
    pub(super) template: Moves,
    /// Where the user has files of the base now.
    pub(super) user: Moves,
}

/// Files and folders that one side moved.
#[derive(Debug, Default)]
pub(super) struct Moves {
    files: BTreeMap<ProjectPath, ProjectPath>,
    folders: BTreeMap<String, String>,
}

impl Moves {
    /// Gives where a file is now, where it moved.
    pub(super) fn of(&self, path: &ProjectPath) -> Option<&ProjectPath> {
        self.files.get(path)
    }

    /// Tells whether another file moved to a path.
    pub(super) fn has_target(&self, path: &ProjectPath) -> bool {
        self.files.values().any(|target| target == path)
    }

    /// Gives where all moved files are now.
    pub(super) fn targets(&self) -> BTreeSet<&ProjectPath> {
        self.files.values().collect()
    }

    /// Gives where a file goes that is in a folder that moved as a whole.
    pub(super) fn follow(&self, path: &ProjectPath) -> Option<ProjectPath> {
        let folders: Vec<&str> = path.folders().collect();
        let (old, new) = folders
            .iter()
            .rev()
            .find_map(|folder| self.folders.get_key_value(*folder))?;
        let rest = path.as_str().strip_prefix(old.as_str())?;
        ProjectPath::parse(&format!("{new}{rest}")).ok()
    }

    /// Gives where a file would be without the move of its folder.
    pub(super) fn origin(&self, path: &ProjectPath) -> Option<ProjectPath> {
        let came_from = |folder: &str| self.folders.iter().find(|(_, new)| *new == folder);
        let folders: Vec<&str> = path.folders().collect();
        let (old, new) = folders.iter().rev().find_map(|folder| came_from(folder))?;
        let rest = path.as_str().strip_prefix(new.as_str())?;
        ProjectPath::parse(&format!("{old}{rest}")).ok()
    }
}

/// Finds what both sides renamed.
pub(super) fn find(sides: Sides) -> Renames {
    let Sides {
        base,
        kept,
        yours,
        desired,
        ..
    } = sides;
    let is_desired = |path: &ProjectPath| desired.get(path.as_str()).is_some();
    let is_based = |path: &ProjectPath| base.get(path.as_str()).is_some();
    let file = |path: &ProjectPath| match yours.get(path) {
        Some(Node::File(entry)) => Some(&*entry.bytes),
        _ => None,
    };

    let gone = base.iter().filter(|(path, _)| !is_desired(path));
    let new = desired
        .iter()
        .filter(|(path, entry)| match base.get(path.as_str()) {
            None => !kept.contains_key(*path),
            // The name of a file that the user deleted, for another one.
            Some(old) => yours.get(path).is_none() && !is_alike(&old.bytes, &entry.bytes),
        });
    let mut template = moves(
        &gone.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        &new.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        |folder| desired.iter().any(|(path, _)| is_in(path, folder)),
    );
    // A file of the user's own that is in the way is no reason to move another one there.
    let is_taken = |path: &ProjectPath| {
        let mut others = yours.at(path.as_str());
        yours.get(path).is_some() || others.any(|other| base.get(other).is_none())
    };
    template
        .files
        .retain(|old, new| yours.get(old).is_none() || !is_taken(new));

    let gone = base.iter().filter(|(path, _)| yours.get(path).is_none());
    let of_both = |path: &ProjectPath| template.targets().contains(path);
    let own = yours
        .nodes
        .keys()
        .filter(|path| !is_based(path) && (!is_desired(path) || of_both(path)));
    let user = moves(
        &gone.map(|(path, entry)| (path, &*entry.bytes)).collect(),
        &own.filter_map(|path| Some((path, file(path)?))).collect(),
        |folder| yours.nodes.keys().any(|path| is_in(path, folder)),
    );
    Renames { template, user }
}

type Candidates<'a> = Vec<(&'a ProjectPath, &'a [u8])>;

/// Pairs files that went with files that came.
fn moves(gone: &Candidates, new: &Candidates, is_left: impl Fn(&str) -> bool) -> Moves {
    let mut moves = Moves::default();
    if gone.is_empty() || new.is_empty() {
        return moves;
    }
    let mut scored = score(gone, new);
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut taken = BTreeSet::new();
    for (_, old, target) in scored {
        if !moves.files.contains_key(old) && taken.insert(target) {
            moves.files.insert(old.clone(), target.clone());
        }
    }
    moves.folders = folders(&moves.files, is_left);
    // What is empty is like everything that is empty: it goes where its folder goes.
    let targets: BTreeSet<&ProjectPath> = new.iter().map(|(path, _)| *path).collect();
    for (old, _) in gone.iter().filter(|(_, bytes)| bytes.is_empty()) {
        if let Some(target) = moves.follow(old)
            && targets.contains(&target)
        {
            moves.files.insert((*old).clone(), target);
        }
    }
    moves
}

/// Compares files, and gives the pairs that are alike: the better, the higher.
fn score<'a>(
    gone: &Candidates<'a>,
    new: &Candidates<'a>,
) -> Vec<(f64, &'a ProjectPath, &'a ProjectPath)> {
    let is_few = gone.len().saturating_mul(new.len()) <= MOST_PAIRS;
    let lines = |candidates: &Candidates<'a>| -> Vec<HashMap<u64, usize>> {
        candidates.iter().map(|(_, bytes)| count(bytes)).collect()
    };
    let (old_lines, new_lines) = (lines(gone), lines(new));
    let mut scored = Vec::new();
    for ((old, old_bytes), old_lines) in gone.iter().zip(&old_lines) {
        if old_bytes.is_empty() {
            continue;
        }
        for ((target, bytes), new_lines) in new.iter().zip(&new_lines) {
            let same_name = old.file_name() == target.file_name();
            if (!is_few && !same_name) || bytes.is_empty() {
                continue;
            }
            let alike = if old_bytes == bytes {
                1.0
            } else {
                similarity((old_bytes, old_lines), (bytes, new_lines))
            };
            if alike >= LEAST {
                let bonus = if same_name { 0.2 } else { 0.0 };
                scored.push((alike + bonus, *old, *target));
            }
        }
    }
    scored
}

/// Tells whether two files are one that was changed.
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    one == other || similarity((one, &count(one)), (other, &count(other))) >= LEAST
}

/// Counts the bytes of a file by its lines.
fn count(bytes: &[u8]) -> HashMap<u64, usize> {
    let mut lines = HashMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        *lines.entry(hasher.finish()).or_default() += line.len() + 1;
    }
    lines
}

/// Gives how much of the larger file both have, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a fraction to compare with")]
fn similarity(
    (one, one_lines): (&[u8], &HashMap<u64, usize>),
    (other, other_lines): (&[u8], &HashMap<u64, usize>),
) -> f64 {
    let larger = one.len().max(other.len());
    if one.len().min(other.len()) * 2 < larger {
        return 0.0;
    }
    let common: usize = one_lines
        .iter()
        .filter_map(|(line, length)| Some((*other_lines.get(line)?).min(*length)))
        .sum();
    common as f64 / (larger + 1) as f64
}

/// Finds folders that moved as a whole: none of their files is left.
fn folders(
    files: &BTreeMap<ProjectPath, ProjectPath>,
    is_left: impl Fn(&str) -> bool,
) -> BTreeMap<String, String> {
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (old, new) in files {
        let (mut old, mut new) = (old.as_str(), new.as_str());
        while let (Some((old_folder, old_name)), Some((new_folder, new_name))) =
            (old.rsplit_once('/'), new.rsplit_once('/'))
        {
            if old_name != new_name || old_folder == new_folder {
                break;
            }
            *votes
                .entry(old_folder)
                .or_default()
                .entry(new_folder)
                .or_default() += 1;
            (old, new) = (old_folder, new_folder);
        }
    }
    // Where a folder was divided evenly, nobody knows where the rest of it belongs.
    let winner = |targets: BTreeMap<&str, usize>| {
        let most = *targets.values().max()?;
        let mut best = targets.into_iter().filter(|(_, count)| *count == most);
        let (target, _) = best.next()?;
        best.next().is_none().then(|| target.to_owned())
    };
    votes
        .into_iter()
        .filter(|(folder, _)| !is_left(folder))
        .filter_map(|(folder, targets)| Some((folder.to_owned(), winner(targets)?)))
        .collect()
}

fn is_in(path: &ProjectPath, folder: &str) -> bool {
    path.as_str()
        .strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}
