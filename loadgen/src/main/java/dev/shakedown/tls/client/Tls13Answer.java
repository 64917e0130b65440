package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.HelloOffer.Offered;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import java.util.Arrays;
import java.util.List;

/**
 * What a ServerHello of TLS 1.3 settles, if it answers the ClientHello by the rules (RFC 8446, 4.1.3).
 *
 * @param resumed     whether the server took up the offered session
 * @param serverShare the server's public value; {@code null} where the session's key alone is used
 */
record Tls13Answer(CipherSuite suite, boolean resumed, byte[] serverShare) {
    /** More than any cookie that a server sends, bytes. */
    private static final int MAX_COOKIE = 1 << 14;

    /**
     * What a HelloRetryRequest asks for (RFC 8446, 4.1.4).
     *
     * @param group  in which a share is wanted; {@code null} to leave it
     * @param cookie to be sent back; {@code null} for none
     */
    record Retry(CipherSuite suite, NamedGroup group, Extension cookie) {
        int cookieLength() {
            return cookie == null ? 0 : cookie.data().length;
        }
    }

    /** @throws Fault when {@code answer} asks for what cannot be, or for nothing */
    static Retry retry(ClientSettings settings, Offered offered, ServerHello answer) throws Fault {
        var suite = suite(settings, offered, answer);
        for (var extension : answer.extensions()) {
            switch (extension.type()) {
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.COOKIE -> {
                    // what it may have
                }
                default -> throw misplaced(offered, extension, "HelloRetryRequest");
            }
        }
        var wanted = answer.extension(Extension.KEY_SHARE);
        var cookie = answer.extension(Extension.COOKIE);
        if (wanted == null && cookie == null) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                    "the server's HelloRetryRequest asks for nothing that would change the ClientHello");
        }
        if (cookie != null && cookie.cookie().length > MAX_COOKIE) {
            throw new Fault(AlertDescription.INTERNAL_ERROR, "the server's cookie has " + cookie.cookie().length
                    + " bytes, where this client takes " + MAX_COOKIE + " at most: a limit of its own");
        }
        return new Retry(suite, wanted == null ? null : retryGroup(settings, offered, wanted.selectedGroup()), cookie);
    }

    private static NamedGroup retryGroup(ClientSettings settings, Offered offered, int id) throws Fault {
        var group = NamedGroup.of(id);
        if (group == null || !settings.groups().contains(group)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server's HelloRetryRequest asks for group "
                    + (group == null ? id : group.label()) + ", which was not offered");
        }
        if (group == offered.share().group()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server's HelloRetryRequest asks for a share of "
                    + group.label() + ", which it has already");
        }
        return group;
    }

    /**
     * @param retry what the server asked for before; {@code null} for nothing
     * @throws Fault when {@code answer} chooses what was not offered, or breaks another rule
     */
    static Tls13Answer of(ClientSettings settings, Offered offered, Retry retry, ServerHello answer) throws Fault {
        var suite = suite(settings, offered, answer);
        if (retry != null && suite != retry.suite) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + suite + ", but " + retry.suite
                    + " in its HelloRetryRequest");
        }
        for (var extension : answer.extensions()) {
            switch (extension.type()) {
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.PRE_SHARED_KEY -> {
                    // what it may have
                }
                default -> throw misplaced(offered, extension, "ServerHello");
            }
        }
        var resumed = takesUp(offered, suite, answer.extension(Extension.PRE_SHARED_KEY));
        var share = answer.extension(Extension.KEY_SHARE);
        var keyAlone = resumed && settings.pskMode() == PskMode.KE;
        if (keyAlone && share != null) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                    "the server sent a key share, where the session's key alone was offered");
        }
        if (!keyAlone && share == null) {
            // RFC 8446, 4.2.11
            throw resumed
                    ? new Fault(AlertDescription.ILLEGAL_PARAMETER,
                            "the server sent no key share, where the session's key was not offered alone")
                    : new Fault(AlertDescription.MISSING_EXTENSION, "the server's hello has no key share");
        }
        return new Tls13Answer(suite, resumed, share == null ? null : publicValue(offered, share));
    }

    private static CipherSuite suite(ClientSettings settings, Offered offered, ServerHello answer) throws Fault {
        // What the hello says outside of supported_versions does not count (RFC 8446, 4.2.1).
        if (!Arrays.equals(answer.sessionId(), offered.hello().sessionId())) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server did not echo the session ID");
        }
        var suite = CipherSuite.of(answer.cipherSuite());
        if (suite == null || !suite.isTls13() || !settings.suites().contains(suite)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose "
                    + CipherSuite.describe(answer.cipherSuite()) + ", which was not offered for TLSv1.3");
        }
        if (answer.compressionMethod() != 0) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose compression method "
                    + answer.compressionMethod() + ", which TLSv1.3 does not have");
        }
        return suite;
    }

    private static boolean takesUp(Offered offered, CipherSuite suite, Extension selected) throws Fault {
        if (selected == null) {
            return false;
        }
        var session = offered.tls13Session();
        if (session == null) {
            throw new Fault(AlertDescription.UNSUPPORTED_EXTENSION,
                    "the server took up a session, where none of TLSv1.3 was offered");
        }
        if (selected.selectedIdentity() != 0) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server took up session "
                    + selected.selectedIdentity() + " of those offered, where there was only the one with index 0");
        }
        if (suite.prfHash() != session.key().hash()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server took up a session of " + session.suite()
                    + ", but chose " + suite + ", which has another hash");
        }
        return true;
    }

    private static byte[] publicValue(Offered offered, Extension extension) throws Fault {
        var share = extension.share();
        if (share.group() != offered.share().group().id()) {
            var group = NamedGroup.of(share.group());
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server's key share is of group "
                    + (group == null ? share.group() : group.label()) + ", but the one offered is of "
                    + offered.share().group().label());
        }
        return share.publicValue();
    }

    /**
     * Checks EncryptedExtensions (RFC 8446, 4.3.1).
     *
     * @param resumed whether the server took up the offered session
     * @return whether the server took the early data
     */
    static boolean takesEarlyData(ClientSettings settings, Offered offered, boolean resumed,
            EncryptedExtensions message)
            throws Fault {
        var taken = false;
        for (var extension : message.extensions()) {
            if (!isOffered(offered, extension)) {
                throw unoffered(extension);
            }
            switch (extension.type()) {
                case Extension.SERVER_NAME -> Tls12Answer.checkEmpty(extension, "server_name");
                // Tells what the server would rather have had.
                case Extension.SUPPORTED_GROUPS -> extension.checkGroups();
                case Extension.RECORD_SIZE_LIMIT -> {
                    // none of our records exceeds it
                }
                case Extension.ALPN -> Tls12Answer.checkAlpn(settings, extension);
                case Extension.EARLY_DATA -> {
                    Tls12Answer.checkEmpty(extension, "early_data");
                    if (!resumed) {
                        throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                                "the server took early data, but not the session that it belongs to");
                    }
                    taken = true;
                }
                default -> throw misplaced(offered, extension, "EncryptedExtensions");
            }
        }
        return taken;
    }

    /** A CertificateRequest's (RFC 8446, 4.3.2); what nobody knows is ignored there. */
    static void checkRequest(List<Extension> extensions) throws Fault {
        for (var extension : extensions) {
            switch (extension.type()) {
                case Extension.STATUS_REQUEST, Extension.SIGNATURE_ALGORITHMS, Extension.SIGNED_CERTIFICATE_TIMESTAMP,
                        Extension.CERTIFICATE_AUTHORITIES, Extension.OID_FILTERS,
                        Extension.SIGNATURE_ALGORITHMS_CERT -> {
                    // what it may have
                }
                default -> requireUnknown(extension, "CertificateRequest");
            }
        }
    }

    /** A NewSessionTicket's (RFC 8446, 4.6.1). */
    static void checkTicket(List<Extension> extensions) throws Fault {
        for (var extension : extensions) {
            if (extension.type() != Extension.EARLY_DATA) {
                requireUnknown(extension, "NewSessionTicket");
            }
        }
    }

    private static void requireUnknown(Extension extension, String message) throws Fault {
        if (extension.isKnown()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server's " + message + " has extension "
                    + extension.type() + ", which does not belong there");
        }
    }

    private static Fault misplaced(Offered offered, Extension extension, String message) {
        return isOffered(offered, extension)
                ? new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server's " + message + " has extension "
                        + extension.type() + ", which does not belong there")
                : unoffered(extension);
    }

    private static Fault unoffered(Extension extension) {
        return new Fault(AlertDescription.UNSUPPORTED_EXTENSION, "the server answered extension " + extension.type()
                + ", which was not offered");
    }

    private static boolean isOffered(Offered offered, Extension extension) {
        return offered.hello().extensions().stream().anyMatch(each -> each.type() == extension.type());
    }
}
