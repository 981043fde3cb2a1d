#!/usr/bin/env bash
# What surprised
#   `Cipher.getInstance("RSA")` names no padding. The JDK's own provider takes it to mean PKCS#1
#   v1.5; Bouncy Castle takes it to mean none. It decrypts "without an error" to 255 bytes of a
#   256-byte block: padding and claim together, without the block's first byte, which is zero, so
#   that code that looks for 00 02 at the front does not find it. Which of the two answers comes
#   depends on the order of the providers on the machine.
#
# Seen on 2026-11-29 with Bouncy Castle 1.72 of Debian 12 and OpenJDK 17.0.15.
#
# Why it matters to pasby flows
#   A service that opens claims in this way would read noise in front of each once a dependency
#   registers Bouncy Castle first. No exception would say so.
#
# How flowseal deals with it
#   A key is bound to one padding, which is named; a block that is not exactly of that form does not
#   open.
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
import javax.crypto.Cipher;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class Seen {
    public static void main(String[] arguments) throws Exception {
        Provider bouncy = new BouncyCastleProvider();
        System.out.println("Java " + Runtime.version() + ", " + bouncy);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Cipher seal = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        seal.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        byte[] claim = seal.doFinal("\"Ada\"".getBytes("UTF-8"));

        Cipher jdk = Cipher.getInstance("RSA", "SunJCE");
        Cipher other = Cipher.getInstance("RSA", bouncy);
        jdk.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        other.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        byte[] text = jdk.doFinal(claim);
        byte[] block = other.doFinal(claim);
        System.out.println("SunJCE: " + text.length + " bytes, " + new String(text, "UTF-8"));
        System.out.println("Bouncy Castle: " + block.length + " bytes, the first is " + block[0]);
        if (text.length != 5 || block.length != 255 || block[0] != 2) {
            System.exit(1);
        }
    }
}
JAVA
java -cp debian/usr/share/java/bcprov.jar Seen.java
