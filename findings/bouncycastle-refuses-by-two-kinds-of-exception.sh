#!/usr/bin/env bash
# What surprised
#   A claim that was sealed under another key of the same size is refused by Bouncy Castle in one of
#   two ways, and chance decides: a checked BadPaddingException, or, where the ciphertext's number
#   is larger than our modulus, an unchecked DataLengthException about input that is "too large".
#   The method declares only the former. The JDK's provider throws BadPaddingException both times.
#
# Seen on 2026-11-29 with Bouncy Castle 1.72 of Debian 12 and OpenJDK 17.0.15.
#
# Why it matters to pasby flows
#   A catch that was written and tested for "the wrong key" lets a share of such flows through as a
#   failure of the service: a page that says 500 in place of one that says what to do.
#
# How flowseal deals with it
#   A number beyond the modulus has a code of its own, since everybody can see it without the key;
#   all else that does not open is claim_unopenable. Both are ordinary errors of the same type.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v java >/dev/null || lacking "java"
java --list-modules | grep -q "^jdk.compiler@17" || lacking "a JDK 17 as java"
command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    libbcprov-java=1.72-2 ||
    lacking "libbcprov-java 1.72-2 of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done

cat >Seen.java <<'JAVA'
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class Seen {
    static final String V1_5 = "RSA/ECB/PKCS1Padding";

    public static void main(String[] arguments) throws Exception {
        Provider bouncy = new BouncyCastleProvider();
        System.out.println("Java " + Runtime.version() + ", " + bouncy);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        List<KeyPair> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(generator.generateKeyPair());
        }
        pairs.sort(Comparator.comparing(pair -> ((RSAPublicKey) pair.getPublic()).getModulus()));
        KeyPair ours = pairs.get(0);
        KeyPair theirs = pairs.get(5); // Some of their ciphertexts are larger than our modulus.

        Provider jdk = Security.getProvider("SunJCE");
        boolean same = count(jdk, ours, theirs).keySet().equals(Set.of("checked"));
        same &= count(bouncy, ours, theirs).keySet().equals(Set.of("checked", "unchecked"));
        System.exit(same ? 0 : 1);
    }

    /** How often a foreign claim is refused by each kind of exception. */
    static Map<String, Integer> count(Provider provider, KeyPair ours, KeyPair theirs)
            throws Exception {
        Map<String, Integer> kinds = new TreeMap<>();
        Cipher seal = Cipher.getInstance(V1_5, provider);
        seal.init(Cipher.ENCRYPT_MODE, theirs.getPublic());
        for (int i = 0; i < 400; i++) {
            Cipher open = Cipher.getInstance(V1_5, provider);
            open.init(Cipher.DECRYPT_MODE, ours.getPrivate());
            String kind;
            byte[] claim = seal.doFinal("\"Ada\"".getBytes("UTF-8"));
            try {
                open.doFinal(claim);
                kind = "opened";
            } catch (BadPaddingException refused) {
                kind = "checked";
            } catch (RuntimeException refused) {
                kind = "unchecked";
                if (!kinds.containsKey(kind)) {
                    System.out.println(refused);
                }
            }
            kinds.merge(kind, 1, Integer::sum);
        }
        System.out.println(provider.getName() + ": " + kinds);
        return kinds;
    }
}
JAVA
java -cp debian/usr/share/java/bcprov.jar Seen.java
