package dev.shakedown.run.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, groups and suites, and what is near to a name. */
class NamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.3 | 1.3", "TLSv1.3 | 1.3", "tls1.3 | 1.3", "TLS 1.2 | 1.2",
        "tls-1.2 | 1.2", "tls13 | 1.3", "1_2 | 1.2", "TLSv1_2 | 1.2", "v1.2 | 1.2", "TLSv1 | 1.0", "ssl3 | ssl3",
        "SSLv3 | ssl3", "SSL 3.0 | ssl3", "1.2-1.3 | 1.2-1.3", "TLSv1.2-TLSv1.3 | 1.2-1.3", "1.0..1.2 | 1.0-1.2",
        "tls1.2 to tls1.3 | 1.2-1.3", "1.2–1.3 | 1.2-1.3", "1.2 - 1.3 | 1.2-1.3", "1.2,1.3 | 1.2-1.3",
        "1.3,1.2 | 1.2-1.3", "1.2, 1.3 | 1.2-1.3", "1.2+1.3 | 1.2-1.3", "1.0,1.2-1.3 | 1.0,1.2,1.3",
        "ssl3-1.3 | ssl3-1.3", "1.2,1.2 | 1.2", "1.2-1.2 | 1.2"})
    void versionsHaveManyForms(String text, String written) {
        assertEquals(written, Versions.parse(text).toString());
        assertEquals(Versions.parse(text), Versions.parse(written), "as it is written again");
    }

    @Test
    void theHighestVersionIsFirst() {
        assertEquals(List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2), Versions.parse("1.2,1.3").all());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.3-1.2 | 1.2-1.3", "1 | 1.0 or 1.3", "3 | 1.3", "1.2,3 | 1.3"})
    void versionsThatSayTooLittleAreAskedFor(String text, String meant) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Versions.parse(text)).getMessage();
        assertEquals(
                "'" + text + "' is not a known version; write ssl3, 1.0, 1.1, 1.2 or 1.3, a range such as"
                        + " 1.2-1.3, or several with commas; did you mean " + meant + "?",
                refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1.4", "2.0", "ssl2", "1.2,", "1.0-1.1-1.2", "1.2-", "tls", "all", "1.2;1.3"})
    void anythingElseIsNoVersion(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Versions.parse(text)).getMessage();
        assertTrue(refusal.startsWith("'" + text + "' is not a known version") && refusal.endsWith("commas"), refusal);
    }

    @Test
    void oneVersionIsNoRange() {
        assertEquals(ProtocolVersion.TLS_1_2, Versions.one("TLSv1.2"));
        assertEquals("'1.0-1.1' is not a known version; write ssl3, 1.0, 1.1, 1.2 or 1.3",
                assertThrows(IllegalArgumentException.class, () -> Versions.one("1.0-1.1")).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"p256, SECP256R1", "P-256, SECP256R1", "secp256r1, SECP256R1", "prime256v1, SECP256R1",
        "SECP256R1, SECP256R1", "p-384, SECP384R1", "secp384r1, SECP384R1", "x25519, X25519", "X25519, X25519",
        "curve25519, X25519", "X25519MLKEM768, X25519MLKEM768", "x25519-mlkem768, X25519MLKEM768",
        "mlkem768x25519, X25519MLKEM768"})
    void groupsHaveManyNames(String text, NamedGroup group) {
        assertEquals(group, Names.group(text));
    }

    @ParameterizedTest
    @CsvSource({"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ecdhe_rsa_aes128_gcm_sha256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "AES128-SHA, TLS_RSA_WITH_AES_128_CBC_SHA", "AES256-GCM-SHA384, TLS_RSA_WITH_AES_256_GCM_SHA384",
        "DES-CBC3-SHA, TLS_RSA_WITH_3DES_EDE_CBC_SHA", "RC4-MD5, TLS_RSA_WITH_RC4_128_MD5",
        "ECDHE-ECDSA-CHACHA20-POLY1305, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "DHE-RSA-AES128-SHA, TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "tls_aes_128_gcm_sha256, TLS_AES_128_GCM_SHA256"})
    void suitesHaveTwoNames(String text, CipherSuite suite) {
        assertEquals(suite, Names.suite(text));
    }

    @ParameterizedTest
    @EnumSource
    void noNameStandsForTwoSuites(CipherSuite suite) {
        Names.of(suite).forEach(name -> assertEquals(suite, Names.suite(name), name));
    }

    @ParameterizedTest
    @CsvSource({"secp521r1, secp256r1", "x25591, x25519", "p265, P-256", "prime256, prime256v1"})
    void theNearestGroupIsAskedFor(String text, String meant) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Names.group(text)).getMessage()
                .endsWith("; did you mean " + meant + "?"));
    }

    @Test
    void theNearestSuiteIsAskedFor() {
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> Names.suite("ECDHE-RSA-AES128-GCM-SHA265")).getMessage();
        assertTrue(refusal.startsWith("'ECDHE-RSA-AES128-GCM-SHA265' is not a known cipher suite")
                && refusal.endsWith("; did you mean ECDHE-RSA-AES128-GCM-SHA256?"), refusal);
    }

    @ParameterizedTest
    @CsvSource({"--raet, --rate", "--rat, --rate", "--RATE, --rate", "--durations, --duration", "--auth, --authorized",
        "--tsl, --tls"})
    void whatIsMeantIsNearOrBeginsSo(String text, String meant) {
        assertEquals(Optional.of(meant),
                Suggestion.nearest(text, List.of("--rate", "--duration", "--authorized", "--tls", "--ca")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--foo", "--objective", "--xyz", "x", ""})
    void whatIsFarIsNotMeant(String text) {
        assertEquals(Optional.empty(), Suggestion.nearest(text, Arrays.asList("--rate", "--duration", "--authorized")));
    }
}
