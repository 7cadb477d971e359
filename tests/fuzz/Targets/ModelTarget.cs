namespace DeviceId.Fuzz;

/// <summary>A kind of model file of ours.</summary>
/// <param name="name">What the command line calls it.</param>
/// <param name="kind">What its header calls it.</param>
/// <param name="refusal">The exception for files that cannot be used.</param>
/// <param name="seeds">Writes valid files into the folder that it is given.</param>
/// <param name="use">Loads the file and uses what came of it.</param>
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
