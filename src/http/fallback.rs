//! What is answered when no route fits: 405 when the address is known with other methods, else 404.
//!
//! Owns: the table of declared addresses, made from the OpenAPI document (which holds every route). Absent on purpose:
//! the web app, which is asked before (`webapp::serve`).

use crate::error::Error;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

/// Every declared path with its methods, as `web::Data`.
#[derive(Debug, Clone, Default)]
pub struct Declared(Vec<(Vec<String>, Vec<&'static str>)>);

impl Declared {
    /// Of the document whose paths are complete (`/api/v1/…`).
    pub fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let paths = document.paths.paths.iter().map(|(path, item)| {
            let methods = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let methods = methods.into_iter().filter(|(_, there)| *there).map(|(method, _)| method).collect();
            (path.split('/').map(str::to_owned).collect(), methods)
        });
        Self(paths.collect())
    }

    /// The methods of an address; none when it is not declared.
    pub fn methods(&self, path: &str) -> Vec<&'static str> {
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &[String]| {
            template.len() == asked.len()
                && template
                    .iter()
                    .zip(&asked)
                    .all(|(part, asked)| part == asked || (part.starts_with('{') && !asked.is_empty()))
        };
        // A literal address goes before one with an id in its place.
        let ids = |template: &[String]| template.iter().filter(|part| part.starts_with('{')).count();
        let fitting = self.0.iter().filter(|(template, _)| fits(template));
        fitting
            .min_by_key(|(template, _)| ids(template))
            .map(|(_, methods)| methods.clone())
            .unwrap_or_default()
    }
}

/// `default_service(web::to(http::fallback))`.
pub async fn fallback(request: HttpRequest) -> Result<HttpResponse, Error> {
    let methods = request
        .app_data::<web::Data<Declared>>()
        .map(|declared| declared.methods(request.match_info().as_str()))
        .unwrap_or_default();
    if methods.is_empty() || methods.contains(&request.method().as_str()) {
        return Err(Error::NotFound);
    }
    let mut response = super::dress::method_not_allowed();
    if let Ok(allow) = header::HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_addresses_tell_their_methods() {
        let declared = Declared(vec![
            (vec![String::new(), "users".to_owned()], vec!["GET", "POST"]),
            (vec![String::new(), "users".to_owned(), "{id}".to_owned()], vec!["PATCH"]),
        ]);
        assert_eq!(declared.methods("/users"), ["GET", "POST"]);
        assert_eq!(declared.methods("/users/7"), ["PATCH"]);
        assert!(declared.methods("/users/").is_empty() && declared.methods("/other").is_empty());
    }
}
