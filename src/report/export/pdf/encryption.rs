//! A file that opens with a password only: AES-256 as in ISO 32000-2, 7.6 (revision 6 of the standard security handler).
//! What the standard wants random is derived from the content and the password, so that the same report with the same
//! password gives the same bytes; nobody can tell these values from random ones without knowing the password.

use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockCipherEncrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::PdfError;

/// Everything is allowed to who has the password; the lowest two bits must be zero.
const PERMISSIONS: i32 = -4;

/// A vector of zeros, where the standard wants none.
const NO_VECTOR: [u8; 16] = [0; 16];

/// Encrypts every text and stream of the file. `digest` is a hash of the content.
pub(super) fn protect(file: &mut Document, password: &SecretString, digest: &[u8; 32]) -> Result<(), PdfError> {
    let prepared = stringprep::saslprep(password.expose_secret())
        .map_err(|_| PdfError::Password("it holds a character that PDF readers do not take"))?;
    // Readers look at no more than this.
    let password = &prepared.as_bytes()[..prepared.len().min(127)];
    let secret = Secret::new(password, digest);
    for (id, object) in &mut file.objects {
        let mut count = 0;
        secret.encrypt(object, *id, &mut count);
    }
    let entries = secret.entries(password);
    let id = file.add_object(entries);
    file.trailer.set("Encrypt", id);
    // Revision 6 is part of PDF 2.0 and an extension of 1.7, which is what readers of all ages take.
    let extension = Dictionary::from_iter([("BaseVersion", "1.7".into()), ("ExtensionLevel", 8.into())]);
    let catalog = file.catalog_mut().map_err(PdfError::write)?;
    catalog.set("Extensions", Dictionary::from_iter([("ADBE", Object::Dictionary(extension))]));
    Ok(())
}

/// What stands in for random numbers, and the key of the file.
struct Secret {
    seed: [u8; 32],
    key: [u8; 32],
}

impl Secret {
    fn new(password: &[u8], digest: &[u8; 32]) -> Self {
        // The slow hash of the standard, so that guessing passwords through a value made from the seed is no faster
        // than guessing them in the way the standard foresees.
        let seed = hash(password, digest, &[]);
        Self { seed, key: derived(&seed, "key", &[]) }
    }

    /// Encrypts the texts and the stream in an object.
    fn encrypt(&self, object: &mut Object, id: ObjectId, count: &mut u32) {
        match object {
            Object::String(bytes, format) => {
                *bytes = self.encrypted(bytes, id, count);
                *format = StringFormat::Hexadecimal;
            }
            Object::Array(items) => items.iter_mut().for_each(|item| self.encrypt(item, id, count)),
            Object::Dictionary(entries) => {
                entries.iter_mut().for_each(|(_, entry)| self.encrypt(entry, id, count));
            }
            Object::Stream(stream) => {
                stream.dict.iter_mut().for_each(|(_, entry)| self.encrypt(entry, id, count));
                let content = self.encrypted(&stream.content, id, count);
                stream.set_content(content);
            }
            _ => {}
        }
    }

    /// The bytes encrypted, after a vector of their own.
    fn encrypted(&self, bytes: &[u8], id: ObjectId, count: &mut u32) -> Vec<u8> {
        *count += 1;
        let place = [id.0.to_be_bytes(), count.to_be_bytes()].concat();
        let vector: [u8; 16] = first(&derived(&self.seed, "vector", &place));
        let length = bytes.len() / 16 * 16 + 16;
        let mut out = vector.to_vec();
        out.extend_from_slice(bytes);
        out.resize(16 + length, 0);
        let cipher = cbc::Encryptor::<Aes256>::new(&self.key.into(), &vector.into());
        cipher.encrypt_padded::<Pkcs7>(&mut out[16..], bytes.len()).expect("there is room for the padding");
        out
    }

    /// The dictionary from which a reader learns whether a password is the right one, and the file's key.
    fn entries(&self, password: &[u8]) -> Dictionary {
        let (user, user_key) = self.verifier("user", password, &[]);
        // Who may open the file may do everything; the owner's password is the same one.
        let (owner, owner_key) = self.verifier("owner", password, &user);
        let mut permissions = [0xff; 16];
        permissions[..4].copy_from_slice(&PERMISSIONS.to_le_bytes());
        permissions[8..12].copy_from_slice(b"Tadb");
        permissions[12..].copy_from_slice(&derived(&self.seed, "permissions", &[])[..4]);
        let mut block = permissions.into();
        Aes256::new(&self.key.into()).encrypt_block(&mut block);

        let bytes = |bytes: &[u8]| Object::String(bytes.to_vec(), StringFormat::Hexadecimal);
        let filter =
            Dictionary::from_iter([("AuthEvent", "DocOpen".into()), ("CFM", "AESV3".into()), ("Length", 32.into())]);
        Dictionary::from_iter([
            ("Filter", "Standard".into()),
            ("V", 5.into()),
            ("R", 6.into()),
            ("Length", 256.into()),
            ("CF", Dictionary::from_iter([("StdCF", Object::Dictionary(filter))]).into()),
            ("StmF", "StdCF".into()),
            ("StrF", "StdCF".into()),
            ("U", bytes(&user)),
            ("UE", bytes(&user_key)),
            ("O", bytes(&owner)),
            ("OE", bytes(&owner_key)),
            ("Perms", bytes(&block)),
            ("P", i64::from(PERMISSIONS).into()),
        ])
    }

    /// A hash of the password with its two salts, and the file's key encrypted by the password: algorithms 8 and 9.
    fn verifier(&self, role: &str, password: &[u8], user: &[u8]) -> ([u8; 48], [u8; 32]) {
        let salts = derived(&self.seed, role, &[]);
        let mut verifier = [0; 48];
        verifier[..32].copy_from_slice(&hash(password, &salts[..8], user));
        verifier[32..].copy_from_slice(&salts[..16]);
        let mut key = self.key;
        let cipher = cbc::Encryptor::<Aes256>::new(&hash(password, &salts[8..16], user).into(), &NO_VECTOR.into());
        cipher.encrypt_padded::<NoPadding>(&mut key, 32).expect("a key is two blocks");
        (verifier, key)
    }
}

/// A value in place of a random one.
fn derived(seed: &[u8; 32], what: &str, place: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed);
    hash.update(what);
    hash.update(place);
    hash.finalize().into()
}

/// Algorithm 2.B: a hash that takes its time, so that passwords cannot be tried fast.
fn hash(password: &[u8], salt: &[u8], user: &[u8]) -> [u8; 32] {
    let mut key = Sha256::digest([password, salt, user].concat()).to_vec();
    let mut last = 0;
    let mut round = 0_u32;
    while round < 64 || u32::from(last) > round - 32 {
        let mut text = [password, &key, user].concat().repeat(64);
        let cipher = cbc::Encryptor::<aes::Aes128>::new(&first(&key).into(), &first(&key[16..]).into());
        let length = text.len();
        cipher.encrypt_padded::<NoPadding>(&mut text, length).expect("64 repetitions are whole blocks");
        // The first sixteen bytes as a number: 256 is 1 modulo 3, so the sum of its digits has the same rest.
        key = match text[..16].iter().map(|byte| u32::from(*byte)).sum::<u32>() % 3 {
            0 => Sha256::digest(&text).to_vec(),
            1 => Sha384::digest(&text).to_vec(),
            _ => Sha512::digest(&text).to_vec(),
        };
        last = text[length - 1];
        round += 1;
    }
    first(&key)
}

/// The first bytes of a value that has at least so many.
fn first<const COUNT: usize>(bytes: &[u8]) -> [u8; COUNT] {
    let mut first = [0; COUNT];
    first.copy_from_slice(&bytes[..COUNT]);
    first
}
