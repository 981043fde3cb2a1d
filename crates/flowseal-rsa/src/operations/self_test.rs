//! The known-answer test that stands before the first use of an engine.

use super::blinding::Pair;
use super::private::{Blinded, Input, Recombined, Unchecked};
use super::public::Representative;
use crate::arithmetic::limbs;
use crate::key::{PrivateKey, PrivateKeyParts};
use crate::probe::{self, LeftOut};
use crate::units::{Description, Unit};

/// Whether the unit gives the answers that are known for a key that protects nothing, in each of
/// its lanes. Computed once.
pub(crate) fn passed(unit: Unit) -> bool {
    unit.passes(|| run(unit).is_some())
}

fn run(unit: Unit) -> Option<()> {
    probe::self_test_may_pass().then_some(())?;
    let key = PrivateKey::new(&KEY).ok()?;
    let Description { halves, powers, .. } = unit.description();

    // The blinding is fixed, so that a lack of random bytes is not taken for a broken engine.
    let pair = || {
        let small = |word| limbs::copied(&[word], key.public().montgomery().len());
        Pair::from_random(key.public(), small(3), &small(5))
    };
    let blinded = || {
        let input = Input::read(&key, &CIPHERTEXT, MESSAGE.len()).ok()?;
        Some(input.blind_with(pair()?))
    };
    let mut blinded: Vec<_> = (0..halves.div_ceil(2))
        .map(|_| blinded())
        .collect::<Option<_>>()?;
    unit.power(
        &mut blinded
            .iter_mut()
            .flat_map(Blinded::halves)
            .collect::<Vec<_>>(),
    );
    let recombined = blinded.into_iter().map(Blinded::recombine);
    let mut results: Vec<_> = recombined.map(Recombined::unblind).collect();
    unit.raise(&mut results.iter_mut().map(Unchecked::check).collect::<Vec<_>>());
    for result in results {
        let mut output = [0; MESSAGE.len()];
        result.release(&mut output, LeftOut::Nothing).ok()?;
        (output == MESSAGE).then_some(())?;
    }

    let number = || Representative::read(key.public(), &MESSAGE, MESSAGE.len()).ok();
    let mut numbers: Vec<_> = (0..*powers).map(|_| number()).collect::<Option<_>>()?;
    unit.raise(
        &mut numbers
            .iter_mut()
            .map(Representative::raise)
            .collect::<Vec<_>>(),
    );
    for number in numbers {
        let mut output = [0; MESSAGE.len()];
        number.write(&mut output);
        (output == CIPHERTEXT).then_some(())?;
    }
    Some(())
}

const fn hex<const N: usize>(digits: &str) -> [u8; N] {
    const fn value(digit: u8) -> u8 {
        if digit <= b'9' {
            digit - b'0'
        } else {
            digit - b'a' + 10
        }
    }
    let digits = digits.as_bytes();
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = value(digits[2 * i]) << 4 | value(digits[2 * i + 1]);
        i += 1;
    }
    bytes
}

pub(crate) const KEY: PrivateKeyParts<'_> = PrivateKeyParts {
    modulus: &MODULUS,
    public_exponent: &[1, 0, 1],
    private_exponent: &PRIVATE_EXPONENT,
    prime_p: &PRIME_P,
    prime_q: &PRIME_Q,
    exponent_p: &EXPONENT_P,
    exponent_q: &EXPONENT_Q,
    coefficient: &COEFFICIENT,
};

const MODULUS: [u8; 256] = hex(
    "a977710c092de513d2a8302074d8f32f1b91a895e67f6f59cc6cff286d81e1ad853ac19e6fcdc5e6\
     cf40697ed0176fa87337b314686bd585cfe71711bc94a8c46312c34875d39d11a1c3c1b5b90e425f\
     2bd0ca2779d0b786a9b5f27699a3cd032ff447f4e22c07eeedd5eafbdd31d71033f09df610f49d91\
     6d4254a4e750e8257f5fa4c1e81cd3e1594cd2af8aed01382a640957933a87a4124b2b1a93a25a95\
     29dec24b3a733d8374b8f286214f10e1c6287e1d7ecc6d0e892e5f89728676e025fbc86630ca6cce\
     6a29292e01f57e03c6383b5b7d1c46e5bcd846e579c9dcf5b83db3067f35ed107e251450d5def537\
     26da94c91c3b4caae98cb53dd93aae47",
);

const PRIVATE_EXPONENT: [u8; 256] = hex(
    "41f57f4693fc0d015e28a032c1c7ff3f0297fae9fd40f4721b23015d16e24a986316af6d9f4e940c\
     75f63819679cf794b4e3a50bf868a03ee8e0a515fe344e4bc1d3f7b62846290847d20d7f517bbf51\
     93983c56890f379f6e46a70c8a583adf56b6d99af2bcf889828094695b7a9e9e6bd8e76272cf02d5\
     2b9579a48573f426a1b9033bdc0050853611a8d084786dd1cc618a61455f1f583b6d1d8b6347f693\
     afe92ff64fb6248c1a2ed5d80b6ac87cebc935de614523cc6b9eb5bff70c5d7ade89a0185f0e2482\
     0926334bee92608d2cb95df7ceba4f995f2d9785ccd202e6a339c3d0d00ad22975ce1e811ea88c04\
     8ebc1fadc1300ae038d0f42bf20907c1",
);

const PRIME_P: [u8; 128] = hex(
    "dc9477d9b4773028c9ac37c6bce82a363d22c7ff5c762fd3198f5baaf9279f1b17b643849e06c745\
     ce5de3de9eda84977a02758062e5b5391fc32d4860fb6242319e38f3452356ad988fa545607b95c4\
     15791297be717b5bfb7cb006bd0fe49dc88087869eeda4599a2bee68e981edba6859868d27b09e34\
     b15a60e68849fd09",
);

const PRIME_Q: [u8; 128] = hex(
    "c4add202fc539454936989d383f177a47d2dc1f0486d2ec153e3432ab52448778e98bd67e9fa5441\
     98c1e8164145d22f3283dfd4cc383d89ddb9b46a49e70bb6713fd3c1214ce2fb8c59331df6b82e06\
     269ffaf2bf2af3ce55802237886b9c7ca5ab31e5901e30d364ae133f1adfb64df2ce260559afef4a\
     c958b28cf78774cf",
);

const EXPONENT_P: [u8; 128] = hex(
    "b50250e7a2243cacfbf20b435739dd89ecd961edb7de749872dd25884435b366f42a6975a6884176\
     934690fbdab7cf1ececcbdc7c160673a9d49f91af01ada231fbc8b577660ed7c3f39819250fe9983\
     f36b0b4ae2c915460235ebed5bb07316d7b64180c36297ffbf7855885a3678f303369427b96e4225\
     5374ab1802b754a1",
);

const EXPONENT_Q: [u8; 128] = hex(
    "50b05b339c5f91c02d0624646182442a78acb81f2327a001f2af8f13cb630a53fa6d916f3b5fd707\
     5e6b5713224e49cfd132a736bf5de769534ce7c69f7129adfcc249d6b719bb19a657c60fe9f35ff6\
     680c444128caaf619c5448356e436fdcf77ec7a6bdbc951d74f5b1b1b70dc6d62de203593895645f\
     d3410f67a3f9afa3",
);

const COEFFICIENT: [u8; 128] = hex(
    "d4ba49b0c2e8ab66eff3ce66a450d12ea9517235fd7f210d094f4c98ed440ba91a6d2e56053b40af\
     8fee535a46c3428606ba40c7487490f2dbf38c52cbbd1198387d9cd7cf8f86ed611714dcd986725a\
     0abe42ba56a678a6f85dad2aed5a74cb82e8d14431cf27444bba043219fb91802285d1ee5a0fc3a4\
     09197e7ed79636bb",
);

const CIPHERTEXT: [u8; 256] = hex(
    "00b8989099c3ef62db2208aa15ae62fa37a0bdbb1e9b6b43a12fa2e500424bc6bd98e37399741ee6\
     e7c970a9684d7899eacc65e092374ee2e5cf5a7da4baa266a5cbb52f8ca6d9d7e431d9040a34927d\
     3a11fedd9c792b4f8133533fb9e2df2ec9a95855f2e865753b6243ce18bed067862a9df43d730582\
     e820cdc6f69ccc4b30fea0cc7edbc9d653aea70f52440ea6d2ecf73ddc48bcd57a1cef25a2b5d639\
     0080a27708cb29d3854cff82bf1f671ef93449805a2dc4464c6ce68be588e573b8628d6bf7df105b\
     fc4abc869e9ca57f39904fb54ba1e778d433b3f2aa555eadfddfa1de1f30e09f4a63e2b1deef9aef\
     6610054be87858183ffcc1e80b2e79d3",
);

const MESSAGE: [u8; 256] = hex(
    "617fbbe586badbefe9a8fbfcfb68a4383b2c49e1390a2de6e4c2113241ae4bfc9b22cefd857f28b8\
     db9a7b07dee2927a902974c42e7084fdd49f084fafc57874217f35086eb3584aea8eb516143d0626\
     ea621e9b98bb82dcc197e76abe71be492d1e719a070a0a871cb0d98e6fb10c863e7cf95f5db68d94\
     cf6d23f3aae4254f75f62dd0a9071523c4eaf5b30af1c83f9b883b07b7c11e296b0770480e05a543\
     be097d1f0a99bbf7b9a223c6405654d24a27932bda5c16bff8ebf6d43e3121c94236a5dc989a6d93\
     43bee56386d37abfe131aa3374f6de67d9076b46916480b37b7613ab235882ec0805a318da1a36e5\
     5670a132edd44dac4dcdcc041b312f6d",
);
