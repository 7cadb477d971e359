using System.Text.Json;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Reads and writes the file of a support vector machine (<see cref="TensorFile"/>).</summary>
internal static class SvmFile
{
    private const string Kind = "support vector machine";

    private sealed record About(SvmOptions Options, int Classes);

    public static void Write(string path, SupportVectorMachine machine, IReadOnlyList<(string, Tensor)> tensors) =>
        TensorFile.Write(path, Kind, Describe(machine), tensors);

    public static SupportVectorMachine Read(string path)
    {
        using var scope = NewDisposeScope();
        var (about, tensors) = TensorFile.Read(path, Kind);
        return Assemble(path, about, tensors);
    }

    /// <summary>Settings and number of classes as one line of JSON.</summary>
    public static string Describe(SupportVectorMachine machine) => Json.WriteCompact(new About(machine.Options, machine.Classes));

    /// <summary>Builds a machine from its description and its tensors.</summary>
    /// <exception cref="ModelFileException">The description cannot be read, or the tensors do not match it.</exception>
    public static SupportVectorMachine Assemble(string path, string description, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        try
        {
            var about = Json.Read<About>(description);
            about.Options.Validate();
            var matches = tensors.All(t => t.Tensor.dtype == ScalarType.Float32)
                && AxisCounts(about).SequenceEqual(tensors.Select(t => t.Tensor.dim()))
                && ShapesMatch(about, [.. tensors.Select(t => t.Tensor.shape)]);
            if (!matches)
                throw new ModelFileException(
                    path, "its tensors do not match the machine that it describes; train the classifier again and save it.");
            var mean = tensors.Count > 2 ? tensors[2].Tensor : null;
            var samples = tensors.Count > 3 ? tensors[3].Tensor : null;
            return new SupportVectorMachine(about.Options, about.Classes, tensors[0].Tensor, tensors[1].Tensor, mean, samples);
        }
        catch (Exception error) when (error is JsonException or OptionsException)
        {
            throw new ModelFileException(
                path, $"its description cannot be read ({error.Message}); train the classifier again and save it.");
        }
    }

    /// <summary>
    /// Number of axes of each tensor: machines, biases, mean, samples. A linear kernel has no samples, a precomputed one no mean either.
    /// </summary>
    private static IEnumerable<long> AxisCounts(About about) =>
        ((long[])[2, 1, 1, 2]).Take(about.Options.Kernel switch { SvmKernel.Precomputed => 2, SvmKernel.Linear => 3, _ => 4 });

    /// <summary>Whether the lengths of the axes match one another and the number of classes.</summary>
    private static bool ShapesMatch(About about, long[][] shapes)
    {
        var machines = about.Options.Strategy == SvmStrategy.OneAgainstRest ? about.Classes : about.Classes * (about.Classes - 1L) / 2;
        if (about.Classes < 2 || shapes[0][0] != machines || shapes[1][0] != machines)
            return false;
        return shapes.Length switch
        {
            < 3 => true,
            3 => shapes[2][0] == shapes[0][1],
            _ => shapes[3][0] == shapes[0][1] && shapes[3][1] == shapes[2][0],
        };
    }
}
