#!/usr/bin/env bash
# What surprised
#   `openssl_private_decrypt($claim, $text, $key)` returns false when it fails and leaves `$text` as
#   it was. In a loop over claims that looks at `$text` alone, a claim that does not open has the
#   value of the one before it: the family name is the given name, and nothing looks wrong.
#
# Seen on 2026-11-29 with PHP 8.2.36 of Debian 12.
#
# Why it matters to pasby flows
#   Opening a flow is such a loop, over as many claims as were asked for. One of them that was
#   sealed under an older key of the app is enough.
#
# How flowseal deals with it
#   A flow of which one claim does not open is refused as a whole, and claims are handed out as one
#   object that exists only if all of them opened.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    php8.2-cli=8.2.36-1~deb12u1 \
    php8.2-common=8.2.36-1~deb12u1 \
    libargon2-1=0~20171227-0.3+deb12u1 \
    libsodium23=1.0.18-1+deb12u1 \
    libedit2=3.1-20221030-2 \
    libmagic1=1:5.44-3 \
    libxml2=2.9.14+dfsg-1.3~deb12u6 ||
    lacking "php8.2-cli 8.2.36-1~deb12u1 or what it needs, of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done

cat >claims.php <<'PHP'
<?php
echo 'PHP ', PHP_VERSION, ' with ', OPENSSL_VERSION_TEXT, "\n";
$options = ['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA];
$now = openssl_pkey_new($options);
$before = openssl_pkey_new($options);
openssl_public_encrypt('"Ada"', $given, openssl_pkey_get_details($now)['key']);
openssl_public_encrypt('"Lovelace"', $family, openssl_pkey_get_details($before)['key']);

$seen = [];
foreach (['given' => $given, 'family' => $family] as $name => $claim) {
    $opened = openssl_private_decrypt($claim, $text, $now);
    $seen[$name] = [$opened, $text];
    printf("%s: returned %s, the variable holds %s\n", $name, var_export($opened, true), $text);
}
exit($seen === ['given' => [true, '"Ada"'], 'family' => [false, '"Ada"']] ? 0 : 1);
PHP
LD_LIBRARY_PATH=$(echo debian/usr/lib/*-linux-gnu) debian/usr/bin/php8.2 -n claims.php
