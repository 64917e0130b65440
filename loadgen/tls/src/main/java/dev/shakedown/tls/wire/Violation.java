package dev.shakedown.tls.wire;

import static dev.shakedown.tls.wire.AlertDescription.BAD_CERTIFICATE;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.DECOMPRESSION_FAILURE;
import static dev.shakedown.tls.wire.AlertDescription.DECRYPT_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.HANDSHAKE_FAILURE;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.MISSING_EXTENSION;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.RECORD_OVERFLOW;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_CERTIFICATE;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_EXTENSION;

import java.util.Locale;

/**
 * Every rule of the protocol that a peer can break. A sentence has places for the values that the peer sent, as
 * {@link String#format} has.
 */
public enum Violation implements Rule {
    // Records

    NOT_TLS(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1", "the server does not speak TLS: its first byte is 0x%02x%s"),
    RECORD_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1",
            "the server sent a record of type 0x%02x, which TLS does not have or was not asked for"),
    RECORD_VERSION_UNKNOWN(PROTOCOL_VERSION, "RFC 5246, 6.2.1", "a record of version 0x%04x arrived; TLS has 0x03xx"),
    RECORD_VERSION_CHANGED(PROTOCOL_VERSION, "RFC 5246, 6.2.1", "a record of %s arrived in a connection of %s"),
    RECORD_TOO_LONG(RECORD_OVERFLOW, "RFC 5246, 6.2.1", "a record of %s bytes was announced, where %s is the most"),
    CONTENT_TOO_LONG(RECORD_OVERFLOW, "RFC 5246, 6.2.1", "a record holds %s bytes, where %s is the most"),
    EMPTY_RECORD(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1",
            "an empty record arrived, where only application data may be empty"),
    RECORD_NOT_AUTHENTIC(BAD_RECORD_MAC, "RFC 5246, 6.2.3", "a record does not authenticate under the agreed keys"),
    KEYS_DIFFER(BAD_RECORD_MAC, "RFC 5246, 7.2.2",
            "the server's first protected record does not authenticate: both sides came to different keys, %s"),
    RECORD_NOT_ENCRYPTED(UNEXPECTED_MESSAGE, "RFC 8446, 5.2",
            "a record of type %s arrived unencrypted, after the keys were changed"),
    INNER_TYPE_MISSING(UNEXPECTED_MESSAGE, "RFC 8446, 5.4", "an encrypted record holds no content type"),
    INNER_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 8446, 5", "an encrypted record holds content of type %s"),
    DECOMPRESSION_FAILED(DECOMPRESSION_FAILURE, "RFC 3749, 2", "a record cannot be decompressed: %s"),
    DECOMPRESSED_TOO_LONG(DECOMPRESSION_FAILURE, "RFC 5246, 6.2.2", "a record decompresses to more than %s bytes"),
    APPLICATION_DATA_BEFORE_FINISHED(UNEXPECTED_MESSAGE, "RFC 5246, 7.4.9",
            "application data arrived before the handshake was done"),
    APPLICATION_DATA_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "application data arrived in the middle of a handshake message"),
    ALERT_LENGTH(DECODE_ERROR, "RFC 5246, 7.2", "an alert of %s bytes arrived, where an alert has 2"),
    ALERT_LEVEL(ILLEGAL_PARAMETER, "RFC 5246, 7.2",
            "an alert arrived with level %s, where there are only 1 (warning) and 2 (fatal)"),
    ALERT_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "the alert %s arrived in the middle of a handshake message"),
    CHANGE_CIPHER_SPEC_MALFORMED(DECODE_ERROR, "RFC 5246, 7.1", "ChangeCipherSpec is not the one byte 1"),
    CHANGE_CIPHER_SPEC_MALFORMED_IN_TLS13(UNEXPECTED_MESSAGE, "RFC 8446, 5", "ChangeCipherSpec is not the one byte 1"),
    CHANGE_CIPHER_SPEC_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "ChangeCipherSpec arrived in the middle of a handshake message"),

    // Messages, whichever they are

    MESSAGE_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 5246, 7.4", "a handshake message of unknown type %s arrived"),
    MESSAGE_NOT_OF_TLS13(UNEXPECTED_MESSAGE, "RFC 8446, 4", "%s arrived, which TLSv1.3 does not have"),
    MESSAGE_OUT_OF_PLACE(UNEXPECTED_MESSAGE, "RFC 5246, 7.3", "%s arrived, where %s was due"),
    MESSAGE_BEHIND_FLIGHT(UNEXPECTED_MESSAGE, "RFC 5246, 7.3",
            "a record holds more behind the message that ends the server's flight"),
    MESSAGE_BEHIND_KEY_CHANGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "a record holds more behind the message after which the keys change"),
    MESSAGE_LENGTH_IMPOSSIBLE(ILLEGAL_PARAMETER, "RFC 5246, 7.4", "%s announces %s bytes, which it cannot have"),
    MESSAGE_TOO_LONG(DECODE_ERROR, "RFC 5246, 7.4", "%s has %s bytes after its end"),
    MESSAGE_CUT_SHORT(DECODE_ERROR, "RFC 5246, 7.4", "%s ends in the middle of a field"),

    // Extensions, in whichever message

    EXTENSION_TWICE(ILLEGAL_PARAMETER, "RFC 8446, 4.2", "%s has extension %s twice"),
    EXTENSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.2",
            "the server answered extension %s, which was not offered"),
    EXTENSION_OUT_OF_PLACE(ILLEGAL_PARAMETER, "RFC 8446, 4.2",
            "the server's %s has extension %s, which does not belong there"),
    EXTENSION_MALFORMED(DECODE_ERROR, "RFC 5246, 7.4.1.4", "the server's %s is malformed"),
    EXTENSION_NOT_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.1.4", "the server's %s is not empty"),
    EXTENSION_IN_SSL3(ILLEGAL_PARAMETER, "RFC 6101, 5.6.1.3",
            "the server chose SSLv3, but answered %s, which only TLS has"),
    TLS13_EXTENSION_IN_OLD_VERSION(ILLEGAL_PARAMETER, "RFC 8446, 4.2",
            "the server chose a version before TLSv1.3, but answered extension %s, which only TLSv1.3 has"),
    ALPN_NOT_ONE(DECODE_ERROR, "RFC 7301, 3.1", "the server's ALPN does not name exactly one protocol"),
    ALPN_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 7301, 3.2",
            "the server chose the application protocol '%s', which was not offered"),
    COOKIE_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.2", "the server's cookie is empty"),
    SIGNATURE_ALGORITHMS_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.3", "the server's signature_algorithms are empty"),
    SIGNATURE_ALGORITHMS_ANSWERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.4.1",
            "the server answered signature_algorithms, which only a client sends"),
    SUPPORTED_GROUPS_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.7", "the server's supported_groups are empty"),
    UNCOMPRESSED_POINTS_MISSING(ILLEGAL_PARAMETER, "RFC 8422, 5.1.2",
            "the server's ec_point_formats lack uncompressed, which all must have"),
    RENEGOTIATION_INFO_NOT_EMPTY(HANDSHAKE_FAILURE, "RFC 5746, 3.4",
            "the server's renegotiation_info is not empty in an initial handshake"),
    ENCRYPT_THEN_MAC_WITHOUT_MAC(ILLEGAL_PARAMETER, "RFC 7366, 3",
            "the server answered encrypt_then_mac, but chose %s, which has no MAC"),

    // ServerHello: version, suite, compression

    VERSION_NOT_OFFERED(PROTOCOL_VERSION, "RFC 5246, E.1", "the server chose %s, where %s was offered"),
    DOWNGRADED(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, but says by its random that it has a higher version: something on the way took "
                    + "that from the ClientHello"),
    DOWNGRADED_BELOW_TLS12(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, but says by its random that it has TLSv1.2: something on the way took that "
                    + "from the ClientHello"),
    OLD_VERSION_IN_SUPPORTED_VERSIONS(ILLEGAL_PARAMETER, "RFC 8446, 4.2.1",
            "the server chose %s in supported_versions, where only TLSv1.3 may be chosen"),
    OLD_VERSION_AFTER_RETRY(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server chose %s after its HelloRetryRequest of TLSv1.3"),
    OLD_VERSION_FOR_EARLY_DATA(PROTOCOL_VERSION, "RFC 8446, D.3",
            "the server chose %s, where early data went to one that had TLSv1.3 before"),
    SUITE_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3", "the server chose %s, which was not offered"),
    SUITE_NOT_OFFERED_FOR_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, which was not offered for TLSv1.3"),
    SUITE_NOT_OF_VERSION(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3", "the server chose %s, which %s does not have"),
    TLS13_SUITE_IN_OLD_VERSION(ILLEGAL_PARAMETER, "RFC 8446, B.4", "the server chose %s, which is of TLSv1.3, in %s"),
    SUITE_DIFFERS_FROM_RETRY(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server chose %s, but %s in its HelloRetryRequest"),
    COMPRESSION_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3",
            "the server chose compression method %s, which was not offered"),
    COMPRESSION_IN_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose compression method %s, which TLSv1.3 does not have"),

    // ServerHello: sessions

    SESSION_ID_TOO_LONG(DECODE_ERROR, "RFC 5246, 7.4.1.2", "%s has a session ID of %s bytes, where 32 is the most"),
    SESSION_ID_ECHOED(ILLEGAL_PARAMETER, "RFC 8446, D.4",
            "the server took up a session by echoing the session ID, where none of %s was offered"),
    SESSION_ID_NOT_ECHOED(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3", "the server did not echo the session ID"),
    SESSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.2",
            "the server took up a session, where none of TLSv1.3 was offered"),
    SESSION_INDEX_OUT_OF_RANGE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.11",
            "the server took up session %s of those offered, where there was only the one with index 0"),
    RESUMED_WITH_OTHER_SUITE(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3",
            "the server took up a session of %s%s, but chose %s%s"),
    RESUMED_WITH_OTHER_HASH(ILLEGAL_PARAMETER, "RFC 8446, 4.2.11",
            "the server took up a session of %s, but chose %s, which has another hash"),
    EXTENDED_MASTER_SECRET_ADDED(HANDSHAKE_FAILURE, "RFC 7627, 5.3",
            "the server took up a session without extended_master_secret, but answered it now"),
    EXTENDED_MASTER_SECRET_LEFT_OUT(HANDSHAKE_FAILURE, "RFC 7627, 5.3",
            "the server took up a session with extended_master_secret, but did not answer it now"),

    // HelloRetryRequest and key shares

    SECOND_HELLO_RETRY_REQUEST(UNEXPECTED_MESSAGE, "RFC 8446, 4.1.4", "a second HelloRetryRequest arrived"),
    RETRY_CHANGES_NOTHING(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server's HelloRetryRequest asks for nothing that would change the ClientHello"),
    RETRY_GROUP_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's HelloRetryRequest asks for group %s, which was not offered"),
    RETRY_GROUP_ALREADY_SENT(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's HelloRetryRequest asks for a share of %s, which it has already"),
    KEY_SHARE_MISSING(MISSING_EXTENSION, "RFC 8446, 9.2", "the server's hello has no key share"),
    KEY_SHARE_LEFT_OUT(ILLEGAL_PARAMETER, "RFC 8446, 4.2.9",
            "the server sent no key share, where the session's key was not offered alone"),
    KEY_SHARE_NOT_WANTED(ILLEGAL_PARAMETER, "RFC 8446, 4.2.9",
            "the server sent a key share, where the session's key alone was offered"),
    KEY_SHARE_GROUP_DIFFERS(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's key share is of group %s, but the one offered is of %s"),

    // Early data

    EARLY_DATA_WITHOUT_SESSION(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server took early data, but not the session that it belongs to"),
    EARLY_DATA_WITH_OTHER_SUITE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server took early data, but chose %s, which is not the session's suite"),
    EARLY_DATA_WITH_OTHER_PROTOCOL(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server took early data with %s by ALPN, where its session was made with %s"),

    // Certificate, CertificateRequest

    CERTIFICATE_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.2", "the server's Certificate is empty"),
    CERTIFICATE_ENTRY_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.2", "Certificate holds an empty certificate"),
    CERTIFICATE_WITH_CONTEXT(ILLEGAL_PARAMETER, "RFC 8446, 4.4.2", "the server's Certificate has a context"),
    CERTIFICATE_EXTENSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.4.2",
            "the server's Certificate has extension %s, which was not offered"),
    CERTIFICATE_NOT_DER(BAD_CERTIFICATE, "RFC 5280, 4.1",
            "the server's certificate cannot be read: it is no X.509 certificate in DER"),
    CERTIFICATE_WITHOUT_RSA_KEY(UNSUPPORTED_CERTIFICATE, "RFC 5246, 7.4.2",
            "the suite needs a certificate with a usable RSA key, but the server's has %s"),
    CERTIFICATE_CURVE_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8422, 5.1",
            "the server's certificate has a key on %s, which was not offered among the groups"),
    CERTIFICATE_REQUEST_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.4", "CertificateRequest leaves %s empty"),
    CERTIFICATE_REQUEST_WITH_CONTEXT(ILLEGAL_PARAMETER, "RFC 8446, 4.3.2",
            "the server's CertificateRequest has a context, where only one after the handshake may"),
    CERTIFICATE_REQUEST_WITHOUT_SCHEMES(MISSING_EXTENSION, "RFC 8446, 4.3.2",
            "the server's CertificateRequest has no signature_algorithms"),

    // Key exchange

    SERVER_KEY_EXCHANGE_NOT_DUE(UNEXPECTED_MESSAGE, "RFC 5246, 7.4.3",
            "ServerKeyExchange arrived, but the suite's key exchange has none"),
    CLIENT_KEY_EXCHANGE_BEFORE_SUITE(UNEXPECTED_MESSAGE, "RFC 5246, 7.3",
            "ClientKeyExchange arrived before a suite was agreed on"),
    CURVE_TYPE_NOT_NAMED(ILLEGAL_PARAMETER, "RFC 8422, 5.4",
            "ServerKeyExchange has curve type %s, where only 3 (named_curve) is allowed"),
    GROUP_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8422, 5.4", "the server chose group %s, which was not offered"),
    POINT_NOT_ON_CURVE(ILLEGAL_PARAMETER, "RFC 8422, 5.11", "the server's public value is not on the curve of %s"),
    PUBLIC_VALUE_INVALID(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8", "the server's public value is not one of %s"),
    DH_GROUP_INVALID(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server's Diffie-Hellman group is none: its prime is even, or its generator is not from 2 to the "
                    + "prime less 2"),
    DH_VALUE_OUT_OF_RANGE(ILLEGAL_PARAMETER, "RFC 5246, F.1.1.3",
            "the server's Diffie-Hellman public value is not from 2 to the prime less 2"),
    DH_VALUE_USELESS(ILLEGAL_PARAMETER, "RFC 5246, F.1.1.3",
            "the server's Diffie-Hellman public value is of no use in its group: the secret would be known "
                    + "beforehand, or the group is none"),

    // Signatures

    SCHEME_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server signed with scheme 0x%04x, which was not offered"),
    SCHEME_NOT_OFFERED_FOR_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.4.3",
            "the server signed with scheme 0x%04x, which was not offered for TLSv1.3"),
    SCHEME_AGAINST_SUITE(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3", "the server signed with %s, which does not go with %s"),
    SCHEME_AGAINST_KEY(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server signed with %s, but its certificate has a key of %s"),
    SCHEME_AGAINST_CURVE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.3",
            "the server signed with %s, but its certificate has a key on another curve"),
    KEY_SIGNS_NOTHING_BEFORE_TLS12(ILLEGAL_PARAMETER, "RFC 4346, 7.4.3",
            "the server's certificate has a key of %s, which signs nothing before TLSv1.2"),
    SIGNATURE_WRONG(DECRYPT_ERROR, "RFC 5246, 7.4.3", "the server's %s signature is wrong"),
    OLD_SIGNATURE_WRONG(DECRYPT_ERROR, "RFC 4346, 7.4.3", "the server's RSA signature of MD5 and SHA-1 is wrong"),

    // Finished, and what follows it

    FINISHED_LENGTH(DECODE_ERROR, "RFC 5246, 7.4.9", "the server's Finished has %s bytes, where %s are due"),
    FINISHED_WRONG(DECRYPT_ERROR, "RFC 5246, 7.4.9", "the server's Finished is wrong: it saw another handshake"),
    TICKET_EMPTY(DECODE_ERROR, "RFC 8446, 4.6.1", "NewSessionTicket holds an empty ticket"),
    KEY_UPDATE_VALUE(ILLEGAL_PARAMETER, "RFC 8446, 4.6.3", "KeyUpdate holds %s, where only 0 and 1 are allowed");

    private final AlertDescription alert;
    private final String reference;
    private final String template;
    private final String label = name().toLowerCase(Locale.ROOT);

    Violation(AlertDescription alert, String reference, String template) {
        this.alert = alert;
        this.reference = reference;
        this.template = template;
    }

    @Override
    public AlertDescription alert() {
        return alert;
    }

    @Override
    public String reference() {
        return reference;
    }

    @Override
    public String template() {
        return template;
    }

    @Override
    public String label() {
        return label;
    }
}
