using DeviceId.Acceleration.MatrixMultiply;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

[Collection(TensorCollection.Name)]
public sealed class TransposeTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(130, 1025)]
    public void AMatrixIsTransposedOnOneThreadOrSeveral(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var matrix = randn(rows, columns);
        Assert.True(Transpose.Matrix(matrix).Equals(matrix.t()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(3, 5)]
    [InlineData(7, 18)]
    [InlineData(8, 33)]
    [InlineData(16, 24)]
    [InlineData(65, 257)]
    public void EveryValueIsTransposedAndGapsBetweenRowsStayUnchanged(int rows, int columns)
    {
        var (fromRow, toRow) = (columns + 3, rows + 2);
        var from = Enumerable.Range(1, rows * fromRow).Select(i => (float)i).ToArray();
        var to = new float[columns * toRow];
        Transpose.Copy(from, fromRow, rows, columns, to, toRow);
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < toRow; row++)
                Assert.Equal(row < rows ? from[(row * fromRow) + column] : 0, to[(column * toRow) + row]);
        }
    }

    [Fact]
    public void ValuesAfterTheLastAreNeitherReadNorWritten()
    {
        // Spans of minimum length: one more column is out of range.
        var (from, to) = (new float[(4 * 9) + 5], new float[(4 * 7) + 5]);
        Transpose.Copy(from, 9, 5, 5, to, 7);
        Assert.Throws<IndexOutOfRangeException>(() => Transpose.Copy(from, 9, 5, 6, to, 7));
    }
}
