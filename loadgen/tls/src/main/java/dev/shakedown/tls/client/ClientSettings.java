package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.SignatureScheme;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run's handshakes: what the client offers, and what it computes.
 *
 * @param versions  the versions offered, highest first; not empty
 * @param suites    the suites offered, most preferred first; not empty
 * @param groups    the groups offered for (EC)DHE, most preferred first; in TLS 1.3 the key share is in the first
 * @param sni       the host name to send in server_name; {@code null} to send none
 * @param alpn      the application protocols offered; may be empty
 * @param tickets   whether session tickets are requested and used (RFC 5077; RFC 8446, 4.6.1)
 * @param pskMode   how TLS 1.3 sessions are resumed
 * @param keyShare  the client's (EC)DHE key pair
 * @param premaster RSA key exchange: how often the premaster secret is encrypted
 * @param verify    how often the certificate chain and the server's signature are verified
 * @param trust     what certificate chains are verified against; only needed if {@code verify} is not NONE
 * @param identity  what to present to servers that request a certificate; {@code null} to present none
 * @param details   rarely anything but {@link Details#USUAL}
 */
public record ClientSettings(List<ProtocolVersion> versions, List<CipherSuite> suites, List<NamedGroup> groups,
        @Nullable String sni, List<String> alpn, boolean tickets, PskMode pskMode, KeyShareMode keyShare,
        PremasterMode premaster, VerifyMode verify, @Nullable X509TrustManager trust, @Nullable ClientIdentity identity,
        Details details) {

    /** Creates settings with the usual details. */
    public ClientSettings(List<ProtocolVersion> versions, List<CipherSuite> suites, List<NamedGroup> groups,
            @Nullable String sni, List<String> alpn, boolean tickets, PskMode pskMode, KeyShareMode keyShare,
            PremasterMode premaster, VerifyMode verify, @Nullable X509TrustManager trust,
            @Nullable ClientIdentity identity) {
        this(versions, suites, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify, trust, identity,
                Details.USUAL);
    }

    /**
     * Settings that only differ from {@link #USUAL} when a server is examined.
     *
     * @param signatureSchemes the schemes in signature_algorithms
     * @param compression      the methods offered, most preferred first; includes NULL, which is the only one in
     *                         TLS 1.3
     * @param groupNumbers     groups that this client does not implement, offered instead of the others and without a
     *                         key share; the handshake fails as soon as the server chooses one; may be empty
     * @param extensions       added to every ClientHello, each in place of the client's own of that type, if any
     */
    public record Details(List<SignatureScheme> signatureSchemes, Renegotiation renegotiation,
            List<Compression> compression, List<Integer> groupNumbers, List<Extension> extensions) {
        public static final Details USUAL = new Details(List.of(SignatureScheme.values()), Renegotiation.EXTENSION,
                List.of(Compression.NULL));

        /** Creates details with groups that this client implements. */
        public Details(List<SignatureScheme> signatureSchemes, Renegotiation renegotiation,
                List<Compression> compression) {
            this(signatureSchemes, renegotiation, compression, List.of(), List.of());
        }

        public Details withSignatureSchemes(List<SignatureScheme> others) {
            return new Details(others, renegotiation, compression, groupNumbers, extensions);
        }

        public Details withRenegotiation(Renegotiation other) {
            return new Details(signatureSchemes, other, compression, groupNumbers, extensions);
        }

        public Details withCompression(List<Compression> others) {
            return new Details(signatureSchemes, renegotiation, others, groupNumbers, extensions);
        }

        public Details withGroupNumbers(List<Integer> others) {
            return new Details(signatureSchemes, renegotiation, compression, others, extensions);
        }

        /** Returns these details with one more extension, which replaces an earlier one of its type. */
        public Details with(Extension extension) {
            return new Details(signatureSchemes, renegotiation, compression, groupNumbers,
                    Stream.concat(extensions.stream().filter(each -> each.type() != extension.type()),
                            Stream.of(extension)).toList());
        }
    }

    /** How a TLS 1.2 client signals support for secure renegotiation (RFC 5746, 3.4). */
    public enum Renegotiation {
        EXTENSION,
        /** By a signalling number among the cipher suites. */
        SIGNALLING_SUITE,
        /** Not at all. */
        NONE
    }

    /** What the keys of a resumed TLS 1.3 session depend on (RFC 8446, 4.2.9). */
    public enum PskMode {
        /** The session's key and a new key exchange. */
        DHE_KE,
        /** The session's key alone. */
        KE
    }

    /** The client's (EC)DHE key pair. */
    public enum KeyShareMode {
        /** Private key 1: no computation at all. */
        BASE_POINT,
        /** One pair per worker. */
        REUSED,
        /** One pair per handshake, as in a browser. */
        FRESH
    }

    /** When RSA key exchange encrypts a premaster secret. */
    public enum PremasterMode {
        /** Once per server key. */
        REUSED,
        /** For every handshake. */
        FRESH
    }

    /** When a server's certificate chain and signature are verified. */
    public enum VerifyMode {
        NONE,
        /** Once per distinct certificate. */
        ONCE,
        ALWAYS
    }

    /** Whether any version up to TLS 1.2 is offered. */
    public boolean offersUpToTls12() {
        return versions.getLast() != ProtocolVersion.TLS_1_3;
    }

    /** Returns the ClientHello's legacy_version: the highest version offered, or TLS 1.2 in place of TLS 1.3. */
    public ProtocolVersion legacyVersion() {
        return versions.getFirst() == ProtocolVersion.TLS_1_3 ? ProtocolVersion.TLS_1_2 : versions.getFirst();
    }

    /** Whether this version is offered. */
    public boolean offers(ProtocolVersion version) {
        return versions.contains(version);
    }

    /** Whether the group with this number is in supported_groups. */
    public boolean offersGroup(int id) {
        if (!details.groupNumbers().isEmpty()) {
            return details.groupNumbers().contains(id);
        }
        var group = NamedGroup.of(id);
        return group != null && groups.contains(group);
    }

    public ClientSettings withVersions(List<ProtocolVersion> others) {
        return new ClientSettings(others, suites, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    public ClientSettings withSuites(List<CipherSuite> others) {
        return new ClientSettings(versions, others, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    public ClientSettings withGroups(List<NamedGroup> others) {
        return new ClientSettings(versions, suites, others, sni, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    /** @param other {@code null} for none */
    public ClientSettings withSni(@Nullable String other) {
        return new ClientSettings(versions, suites, groups, other, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    public ClientSettings withAlpn(List<String> others) {
        return new ClientSettings(versions, suites, groups, sni, others, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    public ClientSettings withTickets(boolean others) {
        return new ClientSettings(versions, suites, groups, sni, alpn, others, pskMode, keyShare, premaster, verify,
                trust, identity, details);
    }

    /** @param other {@code null} for none */
    public ClientSettings withIdentity(@Nullable ClientIdentity other) {
        return new ClientSettings(versions, suites, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, other, details);
    }

    public ClientSettings withDetails(Details others) {
        return new ClientSettings(versions, suites, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify,
                trust, identity, others);
    }
}
