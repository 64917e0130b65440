package dev.shakedown.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Formats the content of extensions. */
final class Extensions {
    /** The sender of an extension, since many have another form in an answer. */
    enum Sender {
        CLIENT, SERVER, RETRYING_SERVER
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Extensions() {}

    /** Returns the content in readable form, or in hex if it is unknown or malformed; {@code null} if it is empty. */
    static @Nullable JsonNode value(Extension extension, Sender sender) {
        if (extension.data().length == 0) {
            return null;
        }
        var in = Unpooled.wrappedBuffer(extension.data());
        try {
            var value = value(extension.type(), in, sender);
            if (value != null && !in.isReadable()) {
                return value;
            }
        } catch (IndexOutOfBoundsException _) {
            // malformed: in hex
        }
        return NODES.pojoNode(new Hex(extension.data()));
    }

    private static @Nullable JsonNode value(int type, ByteBuf in, Sender sender) {
        var client = sender == Sender.CLIENT;
        return switch (type) {
            case Extension.SERVER_NAME -> text(list16(in, each -> {
                each.skipBytes(1);
                return string(each.readSlice(each.readUnsignedShort()));
            }));
            case Extension.SUPPORTED_GROUPS -> text(list16(in, each -> IanaNames.group(each.readUnsignedShort())));
            case Extension.SIGNATURE_ALGORITHMS, 50 ->
                text(list16(in, each -> IanaNames.scheme(each.readUnsignedShort())));
            case Extension.EC_POINT_FORMATS -> text(list(in.readSlice(in.readUnsignedByte()),
                    each -> switch (each.readUnsignedByte()) {
                        case 0 -> "uncompressed";
                        case 1 -> "ansiX962_compressed_prime";
                        case 2 -> "ansiX962_compressed_char2";
                        default -> "other";
                    }));
            case Extension.ALPN -> text(list16(in, each -> string(each.readSlice(each.readUnsignedByte()))));
            case Extension.SUPPORTED_VERSIONS -> client
                    ? text(list(in.readSlice(in.readUnsignedByte()),
                            each -> ProtocolVersion.describe(each.readUnsignedShort())))
                    : NODES.textNode(ProtocolVersion.describe(in.readUnsignedShort()));
            case Extension.KEY_SHARE -> switch (sender) {
                case CLIENT -> text(list16(in, Extensions::share));
                case SERVER -> NODES.textNode(share(in));
                case RETRYING_SERVER -> NODES.textNode(IanaNames.group(in.readUnsignedShort()));
            };
            case Extension.PSK_KEY_EXCHANGE_MODES -> text(list(in.readSlice(in.readUnsignedByte()),
                    each -> each.readUnsignedByte() == Extension.PSK_KE ? "psk_ke" : "psk_dhe_ke"));
            case Extension.PRE_SHARED_KEY -> {
                if (!client) {
                    yield NODES.textNode("identity " + in.readUnsignedShort());
                }
                var identities = list16(in, each -> {
                    var length = each.readUnsignedShort();
                    each.skipBytes(length + Integer.BYTES);
                    return "ticket of " + length + " bytes";
                });
                in.skipBytes(in.readUnsignedShort());
                yield text(identities);
            }
            case Extension.SESSION_TICKET, Extension.COOKIE, 21 -> length(in);
            case Extension.EARLY_DATA -> NODES.numberNode(in.readUnsignedInt());
            case Extension.RECORD_SIZE_LIMIT -> NODES.numberNode(in.readUnsignedShort());
            case Extension.RENEGOTIATION_INFO -> {
                var info = in.readSlice(in.readUnsignedByte());
                yield NODES.textNode(info.isReadable() ? info.readableBytes() + " bytes" : "empty");
            }
            default -> null;
        };
    }

    private static JsonNode length(ByteBuf in) {
        var length = in.readableBytes();
        in.skipBytes(length);
        return NODES.textNode(length + " bytes");
    }

    private static String share(ByteBuf in) {
        var group = IanaNames.group(in.readUnsignedShort());
        var length = in.readUnsignedShort();
        in.skipBytes(length);
        return group + " (" + length + " bytes)";
    }

    private static String string(ByteBuf in) {
        return in.toString(StandardCharsets.ISO_8859_1);
    }

    private static List<String> list16(ByteBuf in, Function<ByteBuf, String> one) {
        return list(in.readSlice(in.readUnsignedShort()), one);
    }

    private static List<String> list(ByteBuf in, Function<ByteBuf, String> one) {
        var values = new ArrayList<String>();
        while (in.isReadable()) {
            values.add(one.apply(in));
        }
        return values;
    }

    private static JsonNode text(List<String> values) {
        return Fields.array(values.stream());
    }
}
