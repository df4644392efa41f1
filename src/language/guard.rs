//! The filters that can make much of little: they are looked at before they run.
//!
//! The engine counts steps. One step of these can write a text of any length.

use minijinja::value::{Rest, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, Value, filters};

/// The longest text that a template may work with, in bytes; a project's largest file.
pub(super) const MAX_TEXT: usize = 16 * 1024 * 1024;

/// The longest list that a filter may work with; what a range may have at most, too.
const MAX_ITEMS: usize = 100_000;

/// The largest number that a filter takes: a width, a count, a number of digits.
const MAX_NUMBER: usize = 1_000;

/// What `indent` indents by where nothing else is said.
const INDENT: usize = 4;

/// Looks at the value and the arguments of a filter.
type Look = fn(&[Value]) -> Result<(), Error>;

/// Puts the guarded filters in the place of those that aren't.
pub(super) fn register(environment: &mut Environment) {
    let makes_much: [(&str, Look, Value); 8] = [
        (
            "indent",
            look_at_indent,
            Value::from_function(filters::indent),
        ),
        (
            "replace",
            look_at_replace,
            Value::from_function(filters::replace),
        ),
        ("join", look_at_join, Value::from_function(filters::join)),
        (
            "format",
            look_at_format,
            Value::from_function(filters::format),
        ),
        (
            "batch",
            look_at_numbers,
            Value::from_function(filters::batch),
        ),
        (
            "slice",
            look_at_numbers,
            Value::from_function(filters::slice),
        ),
        (
            "round",
            look_at_numbers,
            Value::from_function(filters::round),
        ),
        (
            "tojson",
            look_at_numbers,
            Value::from_function(filters::tojson),
        ),
    ];
    let takes_long = [
        ("groupby", Value::from_function(filters::groupby)),
        ("lines", Value::from_function(filters::lines)),
        ("list", Value::from_function(filters::list)),
        ("pprint", Value::from_function(filters::pprint)),
        ("reverse", Value::from_function(filters::reverse)),
        ("sort", Value::from_function(filters::sort)),
        ("split", Value::from_function(filters::split)),
        ("string", Value::from_function(filters::string)),
        ("sum", Value::from_function(filters::sum)),
        ("unique", Value::from_function(filters::unique)),
    ];
    let takes_long = takes_long.map(|(name, filter)| (name, look_at_sizes as Look, filter));
    for (name, look, filter) in makes_much.into_iter().chain(takes_long) {
        let guard = move |state: &mut State, arguments: Rest<ValueOrKwargs>| {
            let arguments = arguments.into_values();
            look_at_sizes(&arguments)?;
            look(&arguments)?;
            let result = filter.call(state, &arguments)?;
            look_at_sizes(std::slice::from_ref(&result))?;
            Ok::<Value, Error>(result)
        };
        environment.add_filter(name, guard);
    }
}

/// Refuses texts and lists that are too long to work with.
pub(super) fn look_at_sizes(values: &[Value]) -> Result<(), Error> {
    for value in values {
        if value.as_str().is_some_and(|text| text.len() > MAX_TEXT) {
            return Err(too_large(format!("a text is longer than {MAX_TEXT} bytes")));
        }
        let is_list = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
        if is_list && value.len().is_some_and(|count| count > MAX_ITEMS) {
            return Err(too_large(format!("a list has more than {MAX_ITEMS} items")));
        }
    }
    Ok(())
}

/// Refuses numbers that make much.
fn look_at_numbers(arguments: &[Value]) -> Result<(), Error> {
    if numbers(arguments).any(|number| number > MAX_NUMBER) {
        return Err(too_large(format!("a number is larger than {MAX_NUMBER}")));
    }
    Ok(())
}

/// Gives the numbers among the arguments of a filter, named ones too.
fn numbers(arguments: &[Value]) -> impl Iterator<Item = usize> {
    arguments.iter().skip(1).flat_map(|argument| {
        let names = argument.try_iter().into_iter().flatten();
        let named = names.filter_map(|name| argument.get_item(&name).ok());
        let all: Vec<Value> = named.chain([argument.clone()]).collect();
        all.into_iter().filter_map(|value| value.as_usize())
    })
}

fn look_at_indent(arguments: &[Value]) -> Result<(), Error> {
    look_at_numbers(arguments)?;
    let text = arguments.first().and_then(Value::as_str);
    let text = text.unwrap_or_default();
    let lines = text.matches('\n').count() + 1;
    let width = numbers(arguments).max().unwrap_or(INDENT);
    limit(text.len(), lines.saturating_mul(width))
}

fn look_at_replace(arguments: &[Value]) -> Result<(), Error> {
    let texts: Option<Vec<&str>> = arguments.iter().map(Value::as_str).collect();
    if let Some([text, from, to]) = texts.as_deref() {
        limit(
            text.len(),
            text.matches(from).count().saturating_mul(to.len()),
        )?;
    }
    Ok(())
}

fn look_at_join(arguments: &[Value]) -> Result<(), Error> {
    let [list, rest @ ..] = arguments else {
        return Ok(());
    };
    let joiner = rest.first().and_then(Value::as_str).map_or(0, str::len);
    let mut size = 0_usize;
    for item in list.try_iter().into_iter().flatten() {
        let length = item.as_str().map_or(1, str::len);
        size = size.saturating_add(length).saturating_add(joiner);
        limit(size, 0)?;
    }
    Ok(())
}

/// Refuses widths that are too large or that a value gives, and names that aren't ASCII: the engine
/// looks for their end byte by byte, and ends the program between two bytes of one letter.
fn look_at_format(arguments: &[Value]) -> Result<(), Error> {
    let text = arguments.first().and_then(Value::as_str);
    let mut rest = text.unwrap_or_default();
    while let Some((_, conversion)) = rest.split_once('%') {
        if let Some(escaped) = conversion.strip_prefix('%') {
            rest = escaped;
            continue;
        }
        let named = conversion.strip_prefix('(');
        let named = named.map(|named| named.split_once(')').unwrap_or((named, "")));
        let (name, conversion) = named.unwrap_or(("", conversion));
        if !name.is_ascii() {
            let message = format!("the name '{name}' in a format isn't ASCII");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
        let end = conversion.find(|letter: char| !"-+ #0123456789.*".contains(letter));
        let (size, following) = conversion.split_at(end.unwrap_or(conversion.len()));
        let mut digits = size.split(|letter: char| !letter.is_ascii_digit());
        let is_large = |digits: &str| match digits.parse::<usize>() {
            Ok(width) => width > MAX_NUMBER,
            Err(_) => !digits.is_empty(),
        };
        if size.contains('*') || digits.any(is_large) {
            return Err(too_large(format!("a width is larger than {MAX_NUMBER}")));
        }
        rest = following;
    }
    Ok(())
}

/// Refuses a text that would grow too long.
fn limit(size: usize, more: usize) -> Result<(), Error> {
    if size.saturating_add(more) > MAX_TEXT {
        return Err(too_large(format!("a text is longer than {MAX_TEXT} bytes")));
    }
    Ok(())
}

fn too_large(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
