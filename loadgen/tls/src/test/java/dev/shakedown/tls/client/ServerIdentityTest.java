package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that a certificate matches (RFC 9525, 6.3). */
class ServerIdentityTest {
    @ParameterizedTest
    @CsvSource({"a.example, true", "A.Example, true", "b.example, false", "x.b.example, true", "X.B.EXAMPLE, true",
        "x.y.b.example, false", "xa.example, false", "example, false", "common.example, false"})
    void aNameMatchesIfItIsAmongTheAlternatives(String name, boolean matches) {
        var identity = new ServerIdentity(List.of(Issued.certificate("CN=common.example",
                Issued.keyPair("secp256r1").getPublic(), "a.example", "*.b.example")));
        assertEquals(Optional.of(matches), identity.matches(name));
        assertEquals(Optional.of(matches), identity.matches(name), "asked again");
        assertEquals(Optional.of(false), identity.matches("other.example"), "of another name");
    }

    @Test
    void aCertificateWithoutNamesMatchesNone() {
        assertEquals(Optional.of(false), new ServerIdentity(List.of(Issued.certificate("CN=a.example",
                Issued.keyPair("secp256r1").getPublic()))).matches("a.example"));
    }

    @Test
    void anUnreadableCertificateHasNoAnswer() {
        assertEquals(Optional.empty(), new ServerIdentity(List.of(new byte[]{1, 2, 3})).matches("a.example"));
    }
}
