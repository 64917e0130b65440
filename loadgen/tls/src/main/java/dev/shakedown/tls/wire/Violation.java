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
 * Every rule of the protocol that a peer can break. A sentence has {@link String#format} placeholders for the values
 * that the peer sent.
 */
public enum Violation implements Rule {
    // Records

    NOT_TLS(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1", "the server does not speak TLS: its first byte is 0x%02x%s"),
    RECORD_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1",
            "the server sent a record of type 0x%02x, which TLS does not define or the client did not negotiate"),
    RECORD_VERSION_UNKNOWN(PROTOCOL_VERSION, "RFC 5246, 6.2.1",
            "a record of version 0x%04x arrived; TLS versions are 0x03xx"),
    RECORD_VERSION_CHANGED(PROTOCOL_VERSION, "RFC 5246, 6.2.1", "a record of %s arrived on a connection that uses %s"),
    RECORD_TOO_LONG(RECORD_OVERFLOW, "RFC 5246, 6.2.1", "a record of %s bytes was announced; the maximum is %s"),
    CONTENT_TOO_LONG(RECORD_OVERFLOW, "RFC 5246, 6.2.1", "a record contains %s bytes; the maximum is %s"),
    EMPTY_RECORD(UNEXPECTED_MESSAGE, "RFC 5246, 6.2.1",
            "an empty record arrived; only application data may be empty"),
    RECORD_NOT_AUTHENTIC(BAD_RECORD_MAC, "RFC 5246, 6.2.3", "a record does not authenticate under the agreed keys"),
    KEYS_DIFFER(BAD_RECORD_MAC, "RFC 5246, 7.2.2",
            "the server's first protected record does not authenticate: the two sides derived different keys, %s"),
    RECORD_NOT_ENCRYPTED(UNEXPECTED_MESSAGE, "RFC 8446, 5.2",
            "a record of type %s arrived unencrypted after the change to encrypted records"),
    INNER_TYPE_MISSING(UNEXPECTED_MESSAGE, "RFC 8446, 5.4", "an encrypted record has no content type"),
    INNER_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 8446, 5",
            "an encrypted record contains content of type %s, which is not allowed"),
    DECOMPRESSION_FAILED(DECOMPRESSION_FAILURE, "RFC 3749, 2", "a record cannot be decompressed: %s"),
    DECOMPRESSED_TOO_LONG(DECOMPRESSION_FAILURE, "RFC 5246, 6.2.2", "a record decompresses to more than %s bytes"),
    APPLICATION_DATA_BEFORE_FINISHED(UNEXPECTED_MESSAGE, "RFC 5246, 7.4.9",
            "application data arrived before the handshake was complete"),
    APPLICATION_DATA_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "application data arrived in the middle of a handshake message"),
    ALERT_LENGTH(DECODE_ERROR, "RFC 5246, 7.2", "an alert of %s bytes arrived; an alert has 2"),
    ALERT_LEVEL(ILLEGAL_PARAMETER, "RFC 5246, 7.2",
            "an alert arrived with level %s; the only levels are 1 (warning) and 2 (fatal)"),
    ALERT_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "the alert %s arrived in the middle of a handshake message"),
    CHANGE_CIPHER_SPEC_MALFORMED(DECODE_ERROR, "RFC 5246, 7.1", "ChangeCipherSpec is not the one byte 1"),
    CHANGE_CIPHER_SPEC_MALFORMED_IN_TLS13(UNEXPECTED_MESSAGE, "RFC 8446, 5", "ChangeCipherSpec is not the one byte 1"),
    CHANGE_CIPHER_SPEC_WITHIN_MESSAGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "ChangeCipherSpec arrived in the middle of a handshake message"),

    // Messages of any type

    MESSAGE_TYPE_UNKNOWN(UNEXPECTED_MESSAGE, "RFC 5246, 7.4", "a handshake message of unknown type %s arrived"),
    MESSAGE_NOT_OF_TLS13(UNEXPECTED_MESSAGE, "RFC 8446, 4", "%s arrived, which does not exist in TLSv1.3"),
    MESSAGE_OUT_OF_PLACE(UNEXPECTED_MESSAGE, "RFC 5246, 7.3", "%s arrived, but %s was expected"),
    MESSAGE_BEHIND_FLIGHT(UNEXPECTED_MESSAGE, "RFC 5246, 7.3",
            "a record continues after the message that ends the server's flight"),
    MESSAGE_BEHIND_KEY_CHANGE(UNEXPECTED_MESSAGE, "RFC 8446, 5.1",
            "a record continues after the message that changes the keys"),
    MESSAGE_LENGTH_IMPOSSIBLE(ILLEGAL_PARAMETER, "RFC 5246, 7.4", "%s announces %s bytes, an impossible length"),
    MESSAGE_TOO_LONG(DECODE_ERROR, "RFC 5246, 7.4", "%s has %s bytes after its end"),
    MESSAGE_CUT_SHORT(DECODE_ERROR, "RFC 5246, 7.4", "%s ends in the middle of a field"),

    // Extensions of any message

    EXTENSION_TWICE(ILLEGAL_PARAMETER, "RFC 8446, 4.2", "%s contains extension %s twice"),
    EXTENSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.2",
            "the server sent extension %s, which was not offered"),
    EXTENSION_OUT_OF_PLACE(ILLEGAL_PARAMETER, "RFC 8446, 4.2",
            "the server's %s contains extension %s, which does not belong there"),
    EXTENSION_MALFORMED(DECODE_ERROR, "RFC 5246, 7.4.1.4", "the server's %s is malformed"),
    EXTENSION_NOT_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.1.4", "the server's %s is not empty"),
    EXTENSION_IN_SSL3(ILLEGAL_PARAMETER, "RFC 6101, 5.6.1.3",
            "the server chose SSLv3, but sent %s, which exists only in TLS"),
    TLS13_EXTENSION_IN_OLD_VERSION(ILLEGAL_PARAMETER, "RFC 8446, 4.2",
            "the server chose a version before TLSv1.3, but sent extension %s, which exists only in TLSv1.3"),
    ALPN_NOT_ONE(DECODE_ERROR, "RFC 7301, 3.1", "the server's ALPN does not name exactly one protocol"),
    ALPN_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 7301, 3.2",
            "the server chose the application protocol '%s', which was not offered"),
    COOKIE_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.2", "the server's cookie is empty"),
    SIGNATURE_ALGORITHMS_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.3", "the server's signature_algorithms is empty"),
    SIGNATURE_ALGORITHMS_ANSWERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.4.1",
            "the server sent signature_algorithms, which only a client may send"),
    SUPPORTED_GROUPS_EMPTY(DECODE_ERROR, "RFC 8446, 4.2.7", "the server's supported_groups is empty"),
    UNCOMPRESSED_POINTS_MISSING(ILLEGAL_PARAMETER, "RFC 8422, 5.1.2",
            "the server's ec_point_formats does not include uncompressed, which is mandatory"),
    RENEGOTIATION_INFO_NOT_EMPTY(HANDSHAKE_FAILURE, "RFC 5746, 3.4",
            "the server's renegotiation_info is not empty in an initial handshake"),
    ENCRYPT_THEN_MAC_WITHOUT_MAC(ILLEGAL_PARAMETER, "RFC 7366, 3",
            "the server sent encrypt_then_mac, but chose %s, which has no MAC"),

    // ServerHello: version, suite, compression

    VERSION_NOT_OFFERED(PROTOCOL_VERSION, "RFC 5246, E.1", "the server chose %s, but %s was offered"),
    DOWNGRADED(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, but its random says that it supports a higher version: something on the way removed "
                    + "that from the ClientHello"),
    DOWNGRADED_BELOW_TLS12(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, but its random says that it supports TLSv1.2: something on the way removed that "
                    + "from the ClientHello"),
    OLD_VERSION_IN_SUPPORTED_VERSIONS(ILLEGAL_PARAMETER, "RFC 8446, 4.2.1",
            "the server chose %s in supported_versions, which may only select TLSv1.3"),
    OLD_VERSION_AFTER_RETRY(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server chose %s after a HelloRetryRequest for TLSv1.3"),
    OLD_VERSION_FOR_EARLY_DATA(PROTOCOL_VERSION, "RFC 8446, D.3",
            "the server chose %s, but early data was sent because it used TLSv1.3 before"),
    SUITE_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3", "the server chose %s, which was not offered"),
    SUITE_NOT_OFFERED_FOR_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose %s, which was not offered for TLSv1.3"),
    SUITE_NOT_OF_VERSION(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3", "the server chose %s, which does not exist in %s"),
    TLS13_SUITE_IN_OLD_VERSION(ILLEGAL_PARAMETER, "RFC 8446, B.4", "the server chose %s, a TLSv1.3 suite, in %s"),
    SUITE_DIFFERS_FROM_RETRY(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server chose %s, but chose %s in its HelloRetryRequest"),
    COMPRESSION_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3",
            "the server chose compression method %s, which was not offered"),
    COMPRESSION_IN_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3",
            "the server chose compression method %s, but TLSv1.3 has no compression"),

    // ServerHello: sessions

    SESSION_ID_TOO_LONG(DECODE_ERROR, "RFC 5246, 7.4.1.2", "%s has a session ID of %s bytes; the maximum is 32"),
    SESSION_ID_ECHOED(ILLEGAL_PARAMETER, "RFC 8446, D.4",
            "the server resumed a session by echoing the session ID, but no %s session was offered"),
    SESSION_ID_NOT_ECHOED(ILLEGAL_PARAMETER, "RFC 8446, 4.1.3", "the server did not echo the session ID"),
    SESSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.2",
            "the server resumed a session, but no TLSv1.3 session was offered"),
    SESSION_INDEX_OUT_OF_RANGE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.11",
            "the server resumed the offered session with index %s, but only index 0 was offered"),
    RESUMED_WITH_OTHER_SUITE(ILLEGAL_PARAMETER, "RFC 5246, 7.4.1.3",
            "the server resumed a session of %s%s, but chose %s%s"),
    RESUMED_WITH_OTHER_HASH(ILLEGAL_PARAMETER, "RFC 8446, 4.2.11",
            "the server resumed a session of %s, but chose %s, which has another hash"),
    EXTENDED_MASTER_SECRET_ADDED(HANDSHAKE_FAILURE, "RFC 7627, 5.3",
            "the server resumed a session without extended_master_secret, but sent the extension this time"),
    EXTENDED_MASTER_SECRET_LEFT_OUT(HANDSHAKE_FAILURE, "RFC 7627, 5.3",
            "the server resumed a session with extended_master_secret, but did not send the extension this time"),

    // HelloRetryRequest and key shares

    SECOND_HELLO_RETRY_REQUEST(UNEXPECTED_MESSAGE, "RFC 8446, 4.1.4", "a second HelloRetryRequest arrived"),
    RETRY_CHANGES_NOTHING(ILLEGAL_PARAMETER, "RFC 8446, 4.1.4",
            "the server's HelloRetryRequest asks for nothing that would change the ClientHello"),
    RETRY_GROUP_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's HelloRetryRequest asks for group %s, which was not offered"),
    RETRY_GROUP_ALREADY_SENT(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's HelloRetryRequest asks for a share of %s, which it already has"),
    KEY_SHARE_MISSING(MISSING_EXTENSION, "RFC 8446, 9.2", "the server's hello has no key share"),
    KEY_SHARE_LEFT_OUT(ILLEGAL_PARAMETER, "RFC 8446, 4.2.9",
            "the server sent no key share, but resumption without one was not offered"),
    KEY_SHARE_NOT_WANTED(ILLEGAL_PARAMETER, "RFC 8446, 4.2.9",
            "the server sent a key share, but only resumption without one was offered"),
    KEY_SHARE_GROUP_DIFFERS(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8",
            "the server's key share is in group %s, but the client's is in %s"),

    // Early data

    EARLY_DATA_WITHOUT_SESSION(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server accepted early data, but did not resume the session that it belongs to"),
    EARLY_DATA_WITH_OTHER_SUITE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server accepted early data, but chose %s, which is not the session's suite"),
    EARLY_DATA_WITH_OTHER_PROTOCOL(ILLEGAL_PARAMETER, "RFC 8446, 4.2.10",
            "the server accepted early data with ALPN %s, but the session was established with %s"),

    // Certificate, CertificateRequest

    CERTIFICATE_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.2", "the server's Certificate is empty"),
    CERTIFICATE_ENTRY_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.2", "Certificate contains an empty certificate"),
    CERTIFICATE_WITH_CONTEXT(ILLEGAL_PARAMETER, "RFC 8446, 4.4.2",
            "the server's Certificate has a certificate_request_context"),
    CERTIFICATE_EXTENSION_NOT_OFFERED(UNSUPPORTED_EXTENSION, "RFC 8446, 4.4.2",
            "the server's Certificate contains extension %s, which was not offered"),
    CERTIFICATE_NOT_DER(BAD_CERTIFICATE, "RFC 5280, 4.1",
            "the server's certificate cannot be read: it is not an X.509 certificate in DER"),
    CERTIFICATE_WITHOUT_RSA_KEY(UNSUPPORTED_CERTIFICATE, "RFC 5246, 7.4.2",
            "the suite requires a certificate with a usable RSA key, but the server's has %s"),
    CERTIFICATE_CURVE_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8422, 5.1",
            "the server's certificate has a key on %s, which was not offered among the groups"),
    CERTIFICATE_REQUEST_EMPTY(DECODE_ERROR, "RFC 5246, 7.4.4", "CertificateRequest leaves %s empty"),
    CERTIFICATE_REQUEST_WITH_CONTEXT(ILLEGAL_PARAMETER, "RFC 8446, 4.3.2",
            "the server's CertificateRequest has a context, which only one sent after the handshake may have"),
    CERTIFICATE_REQUEST_WITHOUT_SCHEMES(MISSING_EXTENSION, "RFC 8446, 4.3.2",
            "the server's CertificateRequest has no signature_algorithms"),

    // Key exchange

    SERVER_KEY_EXCHANGE_NOT_DUE(UNEXPECTED_MESSAGE, "RFC 5246, 7.4.3",
            "ServerKeyExchange arrived, but the suite's key exchange does not use it"),
    CLIENT_KEY_EXCHANGE_BEFORE_SUITE(UNEXPECTED_MESSAGE, "RFC 5246, 7.3",
            "ClientKeyExchange arrived before a suite was agreed on"),
    CURVE_TYPE_NOT_NAMED(ILLEGAL_PARAMETER, "RFC 8422, 5.4",
            "ServerKeyExchange has curve type %s; only 3 (named_curve) is allowed"),
    GROUP_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 8422, 5.4", "the server chose group %s, which was not offered"),
    POINT_NOT_ON_CURVE(ILLEGAL_PARAMETER, "RFC 8422, 5.11", "the server's public value is not on the curve of %s"),
    PUBLIC_VALUE_INVALID(ILLEGAL_PARAMETER, "RFC 8446, 4.2.8", "the server's public value is not valid in %s"),
    DH_GROUP_INVALID(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server's Diffie-Hellman group is invalid: its prime is even, or its generator is not from 2 to the "
                    + "prime minus 2"),
    DH_VALUE_OUT_OF_RANGE(ILLEGAL_PARAMETER, "RFC 5246, F.1.1.3",
            "the server's Diffie-Hellman public value is not from 2 to the prime minus 2"),
    DH_VALUE_USELESS(ILLEGAL_PARAMETER, "RFC 5246, F.1.1.3",
            "the server's Diffie-Hellman public value is useless in its group: the secret would be known "
                    + "in advance, or the group is invalid"),

    // Signatures

    SCHEME_NOT_OFFERED(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server signed with scheme 0x%04x, which was not offered"),
    SCHEME_NOT_OFFERED_FOR_TLS13(ILLEGAL_PARAMETER, "RFC 8446, 4.4.3",
            "the server signed with scheme 0x%04x, which was not offered for TLSv1.3"),
    SCHEME_AGAINST_SUITE(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3", "the server signed with %s, which does not match %s"),
    SCHEME_AGAINST_KEY(ILLEGAL_PARAMETER, "RFC 5246, 7.4.3",
            "the server signed with %s, but its certificate's key is %s"),
    SCHEME_AGAINST_CURVE(ILLEGAL_PARAMETER, "RFC 8446, 4.2.3",
            "the server signed with %s, but its certificate has a key on another curve"),
    KEY_SIGNS_NOTHING_BEFORE_TLS12(ILLEGAL_PARAMETER, "RFC 4346, 7.4.3",
            "the server's certificate has a key of type %s, which cannot sign before TLSv1.2"),
    SIGNATURE_WRONG(DECRYPT_ERROR, "RFC 5246, 7.4.3", "the server's %s signature is wrong"),
    OLD_SIGNATURE_WRONG(DECRYPT_ERROR, "RFC 4346, 7.4.3", "the server's RSA signature over MD5 and SHA-1 is wrong"),

    // Finished, and what follows it

    FINISHED_LENGTH(DECODE_ERROR, "RFC 5246, 7.4.9", "the server's Finished has %s bytes instead of %s"),
    FINISHED_WRONG(DECRYPT_ERROR, "RFC 5246, 7.4.9",
            "the server's Finished is wrong: the server saw a different handshake"),
    TICKET_EMPTY(DECODE_ERROR, "RFC 8446, 4.6.1", "NewSessionTicket contains an empty ticket"),
    KEY_UPDATE_VALUE(ILLEGAL_PARAMETER, "RFC 8446, 4.6.3", "KeyUpdate has the value %s; only 0 and 1 are allowed");

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
