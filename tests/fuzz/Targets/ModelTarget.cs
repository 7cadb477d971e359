namespace DeviceId.Fuzz;

/// <summary>One kind of the library's model files.</summary>
/// <param name="name">Name on the command line.</param>
/// <param name="kind">The kind in the header.</param>
/// <param name="refusal">The exception for files that cannot be used.</param>
/// <param name="seeds">Writes valid files into the given folder.</param>
/// <param name="use">Loads the file and uses the model once.</param>
internal sealed class ModelTarget(
    string name, string kind, Type refusal, Action<string> seeds, Action<string> use) : FuzzTarget(name, refusal)
{
    public override IEnumerable<byte[]> Seeds()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Scratch.Folder, "seeds-" + Name)).FullName;
        seeds(folder);
        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(ModelInput.FromFile)];
    }

    protected override void Read(byte[] input) => WithFile("model", ModelInput.ToFile(kind, input), use);
}
