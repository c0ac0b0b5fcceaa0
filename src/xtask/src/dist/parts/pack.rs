//! Compresses the first part. Hosts of static files compress with gzip, which looks back 32 kB; LZMA looks back
//! over all of the program and leaves a quarter less to fetch. `static/start.js` unpacks.

use std::io::Write as _;

use lzma_rust2::{LzmaOptions, LzmaWriter};

use crate::failure::{OrFail as _, Result};

/// Compresses into the format of `.lzma` files, with the length in its header.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    options.dict_size = u32::try_from(bytes.len().next_power_of_two())
        .unwrap_or(u32::MAX)
        .clamp(1 << 16, 1 << 26);
    // Instructions of wasm have no alignment.
    (options.lc, options.lp, options.pb) = (4, 0, 0);
    options.nice_len = 273;
    options.depth_limit = 1_000;
    let doing = || "the parts cannot be packed".to_owned();
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))
        .or_fail(doing)?;
    writer.write_all(bytes).or_fail(doing)?;
    writer.finish().or_fail(doing)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_was_packed_is_unpacked() {
        let bytes: Vec<u8> = (0..200_000_u32)
            .map(|n| ((n & 0xff) * (n & 0xff) / 700) as u8)
            .collect();
        let packed = pack(&bytes).unwrap();
        assert!(packed.len() < bytes.len() / 2, "{}", packed.len());
        let mut back = Vec::new();
        let mut reader = lzma_rust2::LzmaReader::new_mem_limit(&packed[..], 1 << 20, None).unwrap();
        reader.read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);
    }
}
