package confcodes.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of an interface. */
final class AddressConverter implements ITypeConverter<InetAddress> {

    @Override
    public InetAddress convert(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new TypeConversionException("'" + text + "' is no address of this host");
        }
    }
}
