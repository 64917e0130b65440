package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.Offered.OfTls13;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a ServerHello of TLS 1.3 settles, if it answers the ClientHello by the rules (RFC 8446, 4.1.3).
 *
 * @param resumed     whether the server resumed the offered session
 * @param keyExchange has no group if the session's key alone is used
 */
record Tls13Answer(CipherSuite suite, boolean resumed, KeyExchangeResult keyExchange) {
    /** The maximum length of a cookie, in bytes; no server's comes close. */
    private static final int MAX_COOKIE = 1 << 14;

    /** @throws Fault if {@code answer} asks for something impossible, or for nothing */
    static RetryRequest retry(ClientSettings settings, Offered offered, ServerHello answer) throws Fault {
        var suite = suite(settings, offered, answer);
        for (var extension : answer.extensions()) {
            switch (extension.type()) {
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.COOKIE -> {
                    // allowed
                }
                default -> throw misplaced(offered, extension, "HelloRetryRequest");
            }
        }
        var wanted = answer.extension(Extension.KEY_SHARE);
        var cookie = answer.extension(Extension.COOKIE);
        if (wanted == null && cookie == null) {
            throw new Fault(Violation.RETRY_CHANGES_NOTHING);
        }
        if (cookie != null && cookie.cookie().length > MAX_COOKIE) {
            throw new Fault(Refusal.COOKIE_TOO_LONG, cookie.cookie().length, MAX_COOKIE);
        }
        return new RetryRequest(suite, wanted == null
                ? Optional.empty()
                : Optional.of(retryGroup(settings, offered, wanted.selectedGroup())), Optional.ofNullable(cookie));
    }

    private static NamedGroup retryGroup(ClientSettings settings, Offered offered, int id) throws Fault {
        var group = NamedGroup.of(id);
        if (group == null || !settings.groups().contains(group)) {
            throw new Fault(Violation.RETRY_GROUP_NOT_OFFERED, group == null ? id : group.label());
        }
        if (group == share(offered).group()) {
            throw new Fault(Violation.RETRY_GROUP_ALREADY_SENT, group.label());
        }
        return group;
    }

    /**
     * @param retry what the server's HelloRetryRequest asked for, if it sent one
     * @throws Fault if {@code answer} chooses what was not offered, or breaks another rule
     */
    static Tls13Answer of(ClientSettings settings, Offered offered, Optional<RetryRequest> retry, ServerHello answer)
            throws Fault {
        var suite = suite(settings, offered, answer);
        if (retry.isPresent() && suite != retry.get().suite()) {
            throw new Fault(Violation.SUITE_DIFFERS_FROM_RETRY, suite, retry.get().suite());
        }
        for (var extension : answer.extensions()) {
            switch (extension.type()) {
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.PRE_SHARED_KEY -> {
                    // allowed
                }
                default -> throw misplaced(offered, extension, "ServerHello");
            }
        }
        var resumed = resumes(offered, suite, answer.extension(Extension.PRE_SHARED_KEY));
        var share = answer.extension(Extension.KEY_SHARE);
        var pskOnly = resumed && settings.pskMode() == PskMode.KE;
        if (pskOnly && share != null) {
            throw new Fault(Violation.KEY_SHARE_NOT_WANTED);
        }
        if (!pskOnly && share == null) {
            // RFC 8446, 4.2.11
            throw resumed
                    ? new Fault(Violation.KEY_SHARE_LEFT_OUT)
                    : new Fault(Violation.KEY_SHARE_MISSING);
        }
        return new Tls13Answer(suite, resumed, share == null
                ? KeyExchangeResult.WithoutGroup.ALL
                : keyExchange(share(offered), share.share()));
    }

    private static CipherSuite suite(ClientSettings settings, Offered offered, ServerHello answer) throws Fault {
        // The versions outside of supported_versions are ignored (RFC 8446, 4.2.1).
        if (!Arrays.equals(answer.sessionId(), offered.hello().sessionId())) {
            throw new Fault(Violation.SESSION_ID_NOT_ECHOED);
        }
        var suite = CipherSuite.of(answer.cipherSuite());
        if (suite == null || !suite.isTls13() || !settings.suites().contains(suite)) {
            throw new Fault(Violation.SUITE_NOT_OFFERED_FOR_TLS13, CipherSuite.describe(answer.cipherSuite()));
        }
        if (answer.compressionMethod() != 0) {
            throw new Fault(Violation.COMPRESSION_IN_TLS13, answer.compressionMethod());
        }
        return suite;
    }

    private static boolean resumes(Offered offered, CipherSuite suite, @Nullable Extension selected) throws Fault {
        if (selected == null) {
            return false;
        }
        if (!(offered.resumption() instanceof OfTls13(var session, _))) {
            throw new Fault(Violation.SESSION_NOT_OFFERED);
        }
        if (selected.selectedIdentity() != 0) {
            throw new Fault(Violation.SESSION_INDEX_OUT_OF_RANGE, selected.selectedIdentity());
        }
        if (suite.prfHash() != session.key().hash()) {
            throw new Fault(Violation.RESUMED_WITH_OTHER_HASH, session.suite(), suite);
        }
        return true;
    }

    /** Returns the client's key share, which every client that offers TLS 1.3 sends. */
    private static KeyShare share(Offered offered) {
        return offered.share().orElseThrow();
    }

    private static KeyExchangeResult keyExchange(KeyShare clientShare, Extension.Share serverShare) throws Fault {
        if (serverShare.group() != clientShare.group().id()) {
            var group = NamedGroup.of(serverShare.group());
            throw new Fault(Violation.KEY_SHARE_GROUP_DIFFERS, group == null ? serverShare.group() : group.label(),
                    clientShare.group().label());
        }
        return new KeyExchangeResult.InGroup(clientShare, serverShare.publicValue());
    }

    /**
     * Checks EncryptedExtensions (RFC 8446, 4.3.1).
     *
     * @param resumed whether the server resumed the offered session
     * @return whether the server accepted the early data
     */
    static boolean acceptsEarlyData(ClientSettings settings, Offered offered, boolean resumed,
            EncryptedExtensions message)
            throws Fault {
        var taken = false;
        for (var extension : message.extensions()) {
            if (!isOffered(offered, extension)) {
                throw unoffered(extension);
            }
            switch (extension.type()) {
                case Extension.SERVER_NAME -> Tls12Answer.checkEmpty(extension, "server_name");
                // Tells the client what the server prefers.
                case Extension.SUPPORTED_GROUPS -> extension.checkGroups();
                case Extension.RECORD_SIZE_LIMIT -> {
                    // none of the client's records exceeds it
                }
                case Extension.ALPN -> Tls12Answer.checkAlpn(settings, extension);
                case Extension.EARLY_DATA -> {
                    Tls12Answer.checkEmpty(extension, "early_data");
                    if (!resumed) {
                        throw new Fault(Violation.EARLY_DATA_WITHOUT_SESSION);
                    }
                    taken = true;
                }
                default -> throw misplaced(offered, extension, "EncryptedExtensions");
            }
        }
        return taken;
    }

    /** Checks a CertificateRequest's extensions (RFC 8446, 4.3.2), in which unknown ones are ignored. */
    static void checkRequest(List<Extension> extensions) throws Fault {
        for (var extension : extensions) {
            switch (extension.type()) {
                case Extension.STATUS_REQUEST, Extension.SIGNATURE_ALGORITHMS, Extension.SIGNED_CERTIFICATE_TIMESTAMP,
                        Extension.CERTIFICATE_AUTHORITIES, Extension.OID_FILTERS,
                        Extension.SIGNATURE_ALGORITHMS_CERT -> {
                    // allowed
                }
                default -> requireUnknown(extension, "CertificateRequest");
            }
        }
    }

    /** Checks a NewSessionTicket's extensions (RFC 8446, 4.6.1), in which unknown ones are ignored. */
    static void checkTicket(List<Extension> extensions) throws Fault {
        for (var extension : extensions) {
            if (extension.type() != Extension.EARLY_DATA) {
                requireUnknown(extension, "NewSessionTicket");
            }
        }
    }

    private static void requireUnknown(Extension extension, String message) throws Fault {
        if (extension.isKnown()) {
            throw new Fault(Violation.EXTENSION_OUT_OF_PLACE, message, extension.type());
        }
    }

    private static Fault misplaced(Offered offered, Extension extension, String message) {
        return isOffered(offered, extension)
                ? new Fault(Violation.EXTENSION_OUT_OF_PLACE, message, extension.type())
                : unoffered(extension);
    }

    private static Fault unoffered(Extension extension) {
        return new Fault(Violation.EXTENSION_NOT_OFFERED, extension.type());
    }

    private static boolean isOffered(Offered offered, Extension extension) {
        return offered.hello().offers(extension.type());
    }
}
