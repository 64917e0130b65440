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
 * What every handshake of a run offers, and what the client computes in it.
 *
 * @param versions  offered, the highest first; not empty
 * @param suites    offered, most wanted first; not empty
 * @param groups    offered for (EC)DHE, most wanted first; in TLS 1.3 the share is in the first
 * @param sni       name of the server that is asked for; {@code null} asks for none
 * @param alpn      protocols offered, may be empty
 * @param tickets   whether session tickets are asked for and used (RFC 5077; RFC 8446, 4.6.1)
 * @param pskMode   how sessions of TLS 1.3 are resumed
 * @param keyShare  the client's (EC)DHE key pair
 * @param premaster RSA key exchange: how often the premaster secret is encrypted
 * @param verify    how often the certificate chain and what it signed are verified
 * @param trust     what certificate chains are verified against; only needed where {@code verify} is not NONE
 * @param identity  what is shown to servers that ask for a certificate; {@code null} shows none
 * @param details   what is hardly ever other than {@link Details#USUAL}
 */
public record ClientSettings(List<ProtocolVersion> versions, List<CipherSuite> suites, List<NamedGroup> groups,
        @Nullable String sni, List<String> alpn, boolean tickets, PskMode pskMode, KeyShareMode keyShare,
        PremasterMode premaster, VerifyMode verify, @Nullable X509TrustManager trust, @Nullable ClientIdentity identity,
        Details details) {

    /** With the usual details. */
    public ClientSettings(List<ProtocolVersion> versions, List<CipherSuite> suites, List<NamedGroup> groups,
            @Nullable String sni, List<String> alpn, boolean tickets, PskMode pskMode, KeyShareMode keyShare,
            PremasterMode premaster, VerifyMode verify, @Nullable X509TrustManager trust,
            @Nullable ClientIdentity identity) {
        this(versions, suites, groups, sni, alpn, tickets, pskMode, keyShare, premaster, verify, trust, identity,
                Details.USUAL);
    }

    /**
     * What only who examines a server offers otherwise.
     *
     * @param signatureSchemes in signature_algorithms
     * @param compression      offered, most wanted first; null is one of them, and the only one in TLS 1.3
     * @param groupNumbers     offered instead of groups, without a key share, where this client does not know the
     *                         groups and the handshake will fail as soon as the server has chosen one; empty for none
     * @param extensions   in every ClientHello, each in the place of the client's own of that type if there is one
     */
    public record Details(List<SignatureScheme> signatureSchemes, Renegotiation renegotiation,
            List<Compression> compression, List<Integer> groupNumbers, List<Extension> extensions) {
        public static final Details USUAL = new Details(List.of(SignatureScheme.values()), Renegotiation.EXTENSION,
                List.of(Compression.NULL));

        /** With groups that this client knows. */
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

        /** With one more, which takes the place of an earlier one of its type. */
        public Details with(Extension extension) {
            return new Details(signatureSchemes, renegotiation, compression, groupNumbers,
                    Stream.concat(extensions.stream().filter(each -> each.type() != extension.type()),
                            Stream.of(extension)).toList());
        }
    }

    /** How a client of TLS 1.2 says that it knows secure renegotiation (RFC 5746, 3.4). */
    public enum Renegotiation {
        EXTENSION,
        /** By a number among the cipher suites. */
        SIGNALLING_SUITE,
        /** Not at all. */
        NONE
    }

    /** With what a session of TLS 1.3 is resumed (RFC 8446, 4.2.9). */
    public enum PskMode {
        /** Its key and a new key exchange. */
        DHE_KE,
        /** Its key alone. */
        KE
    }

    /** The client's (EC)DHE key pair. */
    public enum KeyShareMode {
        /** Private key 1: no computation at all. */
        BASE_POINT,
        /** One pair a worker. */
        REUSED,
        /** One pair a handshake, as a browser does. */
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

    /** Whether any version up to TLS 1.2 is among those offered, which have much in common. */
    public boolean offersUpToTls12() {
        return versions.getLast() != ProtocolVersion.TLS_1_3;
    }

    /** The highest version offered that ClientHellos name outside of extensions. */
    public ProtocolVersion legacyVersion() {
        return versions.getFirst() == ProtocolVersion.TLS_1_3 ? ProtocolVersion.TLS_1_2 : versions.getFirst();
    }

    /** Whether this version is among those offered. */
    public boolean offers(ProtocolVersion version) {
        return versions.contains(version);
    }

    /** Whether the group with this number is among those in supported_groups. */
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
