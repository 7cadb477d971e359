using DeviceId.Notebooks.Engine;
using Microsoft.DotNet.Interactive;

namespace DeviceId.Notebooks.Cells;

/// <summary>
/// The display call of cells. The package's own one returns a value whose update goes to another identifier; the compiler prefers this,
/// because it takes every type as it is.
/// </summary>
public static class CellDisplay
{
    /// <summary>Shows a value below the cell, rendered by the formatter of its type; the result can replace it by another.</summary>
    /// <param name="value">The value. A string together with MIME types is content of these types already.</param>
    /// <param name="mimeTypes">The MIME types; with none, the formatter of the value's type chooses.</param>
#pragma warning disable IDE1006 // Named as in .NET Interactive, so that cells run there too.
    public static ShownValue display<T>(T value, params string[] mimeTypes) => Show(KernelInvocationContext.Current, value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>The same in the cell of a context; the library calls it by reflection.</summary>
    public static ShownValue Show(KernelInvocationContext context, object? value, string[] mimeTypes)
    {
        var shown = new ShownValue(value, mimeTypes);
        DisplayRouter.Show(context, shown);
        return shown;
    }
}
