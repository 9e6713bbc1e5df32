//! Why a server's certificate is not to be trusted, in plain words; for mail servers and webhooks alike.

use std::error::Error;

use rustls::CertificateError;

/// What is wrong with the certificate of a server, when that is why the connection failed.
pub(super) fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        // An error of a stream has its cause inside, not behind it.
        let io = inner.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
        match io.or_else(|| inner.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(fault)) => return Some(in_words(fault)),
            _ => cause = inner.source(),
        }
    }
    None
}

fn in_words(fault: &CertificateError) -> String {
    let words = match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::UnknownIssuer => "nobody who is known here has signed it",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is for another host",
        other => return format!("the certificate is not to be trusted: {other}"),
    };
    format!("the certificate is not to be trusted: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_found_inside_a_stream_s_error_and_nowhere_else() {
        let refused = |fault| std::io::Error::other(rustls::Error::InvalidCertificate(fault));
        for (fault, words) in [
            (CertificateError::Expired, "it has expired"),
            (CertificateError::UnknownIssuer, "nobody who is known here has signed it"),
            (CertificateError::NotValidForName, "it is for another host"),
            (CertificateError::BadSignature, "BadSignature"),
        ] {
            let told = certificate_fault(&refused(fault)).unwrap();
            assert!(told.starts_with("the certificate is not to be trusted") && told.ends_with(words), "{told}");
        }
        assert_eq!(certificate_fault(&std::io::Error::other("reset")), None);
        assert_eq!(certificate_fault(&rustls::Error::DecryptError), None);
    }
}
