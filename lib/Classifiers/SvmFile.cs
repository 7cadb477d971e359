using System.Text.Json;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A support vector machine's file (<see cref="TensorFile"/>).</summary>
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

    /// <summary>Settings and classes in one line.</summary>
    public static string Describe(SupportVectorMachine machine) => Json.WriteCompact(new About(machine.Options, machine.Classes));

    /// <summary>A machine from its description and its tensors.</summary>
    /// <exception cref="ModelFileException">They do not fit one another.</exception>
    public static SupportVectorMachine Assemble(string path, string description, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        try
        {
            var about = Json.Read<About>(description);
            about.Options.Validate();
            var fits = tensors.All(t => t.Tensor.dtype == ScalarType.Float32)
                && Shapes(about).SequenceEqual(tensors.Select(t => t.Tensor.dim())) && Fit(about, [.. tensors.Select(t => t.Tensor.shape)]);
            return fits ? new SupportVectorMachine(about.Options, about.Classes, tensors[0].Tensor, tensors[1].Tensor, tensors.Count > 2
                ? tensors[2].Tensor : null, tensors.Count > 3 ? tensors[3].Tensor : null)
                : throw new ModelFileException(path, "its tensors are not those of the machine that it describes; make it again.");
        }
        catch (Exception error) when (error is JsonException or OptionsException)
        {
            throw new ModelFileException(path, $"its description cannot be used ({error.Message}); make it again.");
        }
    }

    /// <summary>
    /// How many axes each tensor has: weights of the machines, biases, mean of the samples, samples, as far as the kernel needs them.
    /// </summary>
    private static IEnumerable<long> Shapes(About about) =>
        ((long[])[2, 1, 1, 2]).Take(about.Options.Kernel switch { SvmKernel.Precomputed => 2, SvmKernel.Linear => 3, _ => 4 });

    private static bool Fit(About about, long[][] shapes)
    {
        var machines = about.Options.Strategy == SvmStrategy.OneAgainstRest ? about.Classes : about.Classes * (about.Classes - 1L) / 2;
        return about.Classes >= 2 && shapes[0][0] == machines && shapes[1][0] == machines
            && (shapes.Length < 4 ? shapes.Length < 3 || shapes[2][0] == shapes[0][1] : shapes[3][0] == shapes[0][1]
                && shapes[3][1] == shapes[2][0]);
    }
}
