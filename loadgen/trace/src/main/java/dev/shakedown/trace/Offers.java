package dev.shakedown.trace;

import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.SignatureScheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Offers of everything there is, including what this client does not support. */
final class Offers {
    static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2,
            ProtocolVersion.TLS_1_1, ProtocolVersion.TLS_1_0, ProtocolVersion.SSL_3_0);
    /** By their numbers: secp521r1, x448, ffdhe2048 to ffdhe8192 (RFC 8446, 4.2.7). */
    static final List<Integer> FOREIGN_GROUPS = List.of(25, 30, 256, 257, 258, 259, 260);
    /** By their numbers: ecdsa_secp521r1_sha512, ed448, rsa_pss_pss_sha256 to rsa_pss_pss_sha512 (RFC 8446, 4.2.3). */
    static final List<Integer> FOREIGN_SCHEMES = List.of(0x0603, 0x0808, 0x0809, 0x080a, 0x080b);
    /** The first finite field group (RFC 7919). */
    static final int FIRST_OF_NUMBERS = 256;

    private Offers() {}

    static List<NamedGroup> groups(List<ProtocolVersion> versions) {
        return Arrays.stream(NamedGroup.values()).filter(group -> group != NamedGroup.X25519MLKEM768
                || versions.contains(ProtocolVersion.TLS_1_3)).toList();
    }

    static List<CipherSuite> suites(List<ProtocolVersion> versions) {
        return Arrays.stream(CipherSuite.values()).filter(suite -> versions.stream().anyMatch(suite::isOf)).toList();
    }

    /** Returns the offer with groups given by number instead of its own, and without a key share. */
    static ClientSettings withGroupNumbers(ClientSettings offer, List<Integer> numbers) {
        return offer.withDetails(offer.details().withGroupNumbers(numbers));
    }

    /** Returns the offer with the groups that this client does not support after its own. */
    static ClientSettings withForeignGroups(ClientSettings offer) {
        return withGroupNumbers(offer, Stream.concat(offer.groups().stream().map(NamedGroup::id),
                FOREIGN_GROUPS.stream()).toList());
    }

    /** Returns the offer with only these signature schemes, supported by this client or not. */
    static ClientSettings withSchemeNumbers(ClientSettings offer, List<Integer> numbers) {
        return offer.withDetails(offer.details()
                .withSignatureSchemes(numbers.stream().map(SignatureScheme::of).filter(scheme -> scheme != null)
                        .toList())
                .with(Extension.signatureSchemeNumbers(Extension.SIGNATURE_ALGORITHMS, numbers)));
    }

    /** Returns the offer with the signature schemes that this client does not support after its own. */
    static ClientSettings withForeignSchemes(ClientSettings offer) {
        return withSchemeNumbers(offer, Stream.concat(offer.details().signatureSchemes().stream()
                .map(SignatureScheme::id), FOREIGN_SCHEMES.stream()).toList());
    }

    /** Returns the first list followed by what only the second contains. */
    static <T> List<T> union(List<T> first, List<T> second) {
        var union = new ArrayList<>(first);
        second.stream().filter(each -> !first.contains(each)).forEach(union::add);
        return List.copyOf(union);
    }
}
