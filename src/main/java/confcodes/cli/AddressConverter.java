package confcodes.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of an interface. */
final class AddressConverter {

    private AddressConverter() {}

    static InetAddress parse(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new TypeConversionException("'" + text + "' is no address of this host");
        }
    }
}
