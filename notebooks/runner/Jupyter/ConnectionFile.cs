using System.Net;
using System.Text.Json;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Jupyter's connection file: the addresses to listen on, and the key that signs the messages.</summary>
internal sealed record ConnectionFile(string Transport, string Ip, int ShellPort, int IopubPort, int StdinPort, int ControlPort, int HbPort,
    string SignatureScheme, string Key)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads the file and refuses a connection that others could use.</summary>
    /// <exception cref="NotebookException">The file is not readable, its address is not the loopback address, or it has no key.</exception>
    public static ConnectionFile Read(string path)
    {
        ConnectionFile file;
        try
        {
            file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Names) ?? throw new JsonException("it is empty");
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path} is not a connection file of Jupyter: {problem.Message}", problem);
        }

        if (file.Transport is not (null or "tcp"))
            throw new NotebookException($"{path}: transport '{file.Transport}' is not supported: only tcp.");
        if (!IPAddress.TryParse(file.Ip == "localhost" ? "127.0.0.1" : file.Ip, out var address) || !IPAddress.IsLoopback(address))
        {
            throw new NotebookException(
                $"{path}: the kernel runs any code that it receives, so it listens on this machine only: ip must be 127.0.0.1, "
                + $"not '{file.Ip}'.");
        }

        if (file.SignatureScheme is not (null or MessageSigner.Scheme))
        {
            throw new NotebookException(
                $"{path}: signature scheme '{file.SignatureScheme}' is not supported: only {MessageSigner.Scheme}.");
        }

        if (string.IsNullOrEmpty(file.Key))
            throw new NotebookException($"{path}: there is no key, so any user of this machine could send code: refused.");
        return file with { Ip = address.ToString() };
    }

    /// <summary>The address of one channel.</summary>
    public string Address(int port) => Ip.Contains(':', StringComparison.Ordinal) ? $"tcp://[{Ip}]:{port}" : $"tcp://{Ip}:{port}";
}
