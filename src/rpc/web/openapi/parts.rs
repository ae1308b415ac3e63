//! What every operation of the description is made of: schemas by name, answers, errors, parameters.

use serde_json::{Value, json};

/// The schema of an error.
pub(super) const ERROR: &str = "connect.Error";

/// How a caller says who he is. A server that asks nobody takes calls without any of it.
pub(super) fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of this server (`promised token new`), or of a provider that it trusts",
        },
        "certificate": {
            "type": "mutualTLS",
            "description": "A client's certificate, where the server knows its authority",
        },
        "link": {
            "type": "apiKey",
            "in": "query",
            "name": "token",
            "description": "A token in a link; it may do no more than read",
        },
    })
}

/// Says of a path's operations that they want to know who calls: any one of these ways will do.
pub(super) fn secure(path: &mut Value) {
    for (verb, operation) in path.as_object_mut().into_iter().flatten() {
        let mut ways = vec![json!({ "bearer": [] }), json!({ "certificate": [] })];
        ways.extend((verb == "get").then(|| json!({ "link": [] })));
        operation["security"] = ways.into();
    }
}

pub(super) fn of(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

pub(super) fn content(kind: &str, schema: &Value) -> Value {
    json!({ kind: { "schema": schema } })
}

/// Answers: one that went well, and all others.
pub(super) fn responses(about: &str, content: &Value) -> Value {
    json!({
        "200": { "description": about, "content": content },
        "default": {
            "description": "It was not done: why, for programs and for people",
            "content": { "application/json": { "schema": of(ERROR) } },
        },
    })
}

pub(super) fn error() -> Value {
    json!({
        "type": "object",
        "required": ["code"],
        "properties": {
            "code": { "type": "string" },
            "message": { "type": "string" },
            "details": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "value"],
                    "properties": {
                        "type": { "type": "string", "description": "The message's name, such as google.rpc.BadRequest" },
                        "value": { "type": "string", "description": "Its bytes in base64" },
                        "debug": { "description": "Its JSON" },
                    },
                },
            },
        },
    })
}

pub(super) fn parameter(name: &str, about: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": about, "schema": schema })
}
