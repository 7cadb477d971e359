using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;

namespace DeviceId.Notebooks.Cells;

/// <summary>
/// The same as <see cref="CellDisplay"/>, as methods of a value and of the context: two of the package's fit the second call. In a class of
/// their own, which cells import by its namespace.
/// </summary>
public static class CellDisplayExtensions
{
    /// <summary>Shows a value below the cell, as <see cref="CellDisplay.display"/> does.</summary>
    public static ShownValue Display<T>(this T value, params string[] mimeTypes) =>
        CellDisplay.Show(KernelInvocationContext.Current, value, mimeTypes);

    /// <summary>Shows a value below the cell, as <see cref="CellDisplay.display"/> does.</summary>
    [OverloadResolutionPriority(1)]
    public static ShownValue Display<T>(this KernelInvocationContext context, T value, params string[] mimeTypes) =>
        CellDisplay.Show(context, value, mimeTypes);
}
