import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.Marshaller;
import javax.xml.bind.Unmarshaller;
import javax.xml.bind.ValidationEvent;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMResult;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.InputSource;

/**
 * What Java makes of our documents, with the classes that xjc makes of our schemas.
 *
 * <p>{@code Bridge again PACKAGES SCHEMA FROM TO} reads each document of one folder, valid by the schema and without any
 * complaint, and writes what it read into another. {@code Bridge time PACKAGES FILE ROUNDS TO} prints how many nanoseconds
 * each of several readings of one file and writings of its object took, the first being the cold ones, and leaves what
 * was written last.
 */
public final class Bridge {
    public static void main(String[] arguments) throws Exception {
        JAXBContext context = JAXBContext.newInstance(arguments[1]);
        if (arguments[0].equals("again")) {
            again(context, new File(arguments[2]), new File(arguments[3]), new File(arguments[4]));
        } else {
            time(context, new File(arguments[2]), Integer.parseInt(arguments[3]), new File(arguments[4]));
        }
    }

    private static void again(JAXBContext context, File xsd, File from, File to) throws Exception {
        Schema schema = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(xsd);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8.name());
        File[] documents = from.listFiles();
        Arrays.sort(documents);
        for (File document : documents) {
            Unmarshaller reader = context.createUnmarshaller();
            reader.setSchema(schema);
            reader.setEventHandler((ValidationEvent event) -> false);
            try {
                Object read = reader.unmarshal(source(document));
                Marshaller writer = context.createMarshaller();
                writer.setEventHandler((ValidationEvent event) -> false);
                write(writer, read, new File(to, document.getName()));
            } catch (Exception error) {
                Throwable cause = error.getCause() == null ? error : error.getCause();
                out.println(document.getName() + "\t" + String.valueOf(cause).replace('\n', ' '));
            }
        }
    }

    /** By way of a DOM, since JAXB's own writer leaves tabs in attributes as they are, and they would be read as spaces. */
    private static void write(Marshaller writer, Object read, File to) throws Exception {
        DOMResult tree = new DOMResult();
        writer.marshal(read, tree);
        Transformer serializer = TransformerFactory.newInstance().newTransformer();
        serializer.transform(new DOMSource(tree.getNode()), new StreamResult(to));
    }

    private static void time(JAXBContext context, File document, int rounds, File to) throws Exception {
        byte[] bytes = Files.readAllBytes(document.toPath());
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            Object read = context.createUnmarshaller().unmarshal(source(bytes));
            long middle = System.nanoTime();
            written.reset();
            context.createMarshaller().marshal(read, written);
            System.out.println((middle - start) + " " + (System.nanoTime() - middle));
        }
        Files.write(to.toPath(), written.toByteArray());
    }

    private static SAXSource source(File document) throws Exception {
        return source(Files.readAllBytes(document.toPath()));
    }

    private static SAXSource source(byte[] bytes) throws Exception {
        SAXParserFactory parsers = SAXParserFactory.newInstance();
        parsers.setNamespaceAware(true);
        parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return new SAXSource(parsers.newSAXParser().getXMLReader(), new InputSource(new ByteArrayInputStream(bytes)));
    }
}
