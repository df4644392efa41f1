//! The filters that the language adds: literals of data formats, and spellings of names.

use minijinja::{Environment, Error, ErrorKind, Value};

/// Adds all filters to an environment.
pub(super) fn register(environment: &mut Environment) {
    environment.add_filter("toml", toml);
    environment.add_filter("json", json);
    environment.add_filter("snake_case", snake_case);
    environment.add_filter("kebab_case", kebab_case);
    environment.add_filter("pascal_case", pascal_case);
}

/// Writes a value as a TOML literal.
fn toml(value: &Value) -> Result<String, Error> {
    let serializer = toml_edit::ser::ValueSerializer::new();
    let literal = serde::Serialize::serialize(value, serializer)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
    Ok(literal.to_string())
}

/// Writes a value as a JSON literal.
fn json(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// Writes a name as `snake_case`.
fn snake_case(text: &str) -> String {
    words(text).join("_")
}

/// Writes a name as `kebab-case`.
fn kebab_case(text: &str) -> String {
    words(text).join("-")
}

/// Writes a name as `PascalCase`.
fn pascal_case(text: &str) -> String {
    words(text).iter().map(|word| capitalized(word)).collect()
}

/// Puts the first letter of a word in upper case.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Splits a name into lower-case words: at separators, and where lower case turns to upper.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for letter in text.chars() {
        let is_separator = !letter.is_alphanumeric();
        if is_separator || (after_lower && letter.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && !is_separator
        {
            word.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_from_any_other_spelling() {
        for name in [
            "stock-room api",
            "stock_room.api",
            "StockRoomApi",
            "  stock--room_api",
        ] {
            assert_eq!(snake_case(name), "stock_room_api");
            assert_eq!(kebab_case(name), "stock-room-api");
            assert_eq!(pascal_case(name), "StockRoomApi");
        }
        assert_eq!(snake_case("HTTPServer2go"), "httpserver2go");
    }

    #[test]
    fn literals_are_escaped() {
        let text = Value::from("a \"b\" \\ c");
        assert_eq!(json(&text).unwrap(), r#""a \"b\" \\ c""#);
        assert_eq!(toml(&text).unwrap(), r#"'a "b" \ c'"#);
        assert_eq!(toml(&Value::from(true)).unwrap(), "true");
    }
}
